package io.mendline.topology.api;

import static org.assertj.core.api.Assertions.assertThatCode;

import io.javalin.http.Context;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

/** What becomes of a request whose other end has gone. */
class ApiServerTest {
  @Test
  void a_failure_that_nobody_is_left_to_be_told_of_is_the_end_of_it() {
    Context recycled =
        (Context)
            Proxy.newProxyInstance(
                Context.class.getClassLoader(),
                new Class<?>[] {Context.class},
                (proxy, method, given) -> {
                  throw new IllegalStateException("Response does not exist (likely recycled)");
                });

    assertThatCode(() -> ApiServer.failed(recycled, new IllegalStateException("sent too late")))
        .doesNotThrowAnyException();
  }
}
