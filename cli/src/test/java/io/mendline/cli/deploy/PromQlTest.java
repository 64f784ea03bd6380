package io.mendline.cli.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PromQlTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          up                                                    | up    |
          sum(up{job="x and y"})                                | up    | job
          sum by (le, source) (rate(a_b{s=~"x,y"}[5m])) > 0.5   | a_b   | le s source
          a - on (source) max by (source) (b)                   | a b   | source
          max(a{i=~"$i"}) without (x) / b == 0 and on (i) c == 1| a b c | i x
          histogram_quantile(0.99, sum(rate(h_bucket[$__r])))   | h_bucket |
          min_over_time(a[1h]) offset 5m > +Inf                 | a     |
          absent(up{job="m"}) or vector(1)                      | up    | job
          """)
  void a_query_asks_for_metrics_and_labels(String query, String metrics, String labels) {
    PromQl asked = new PromQl(query);

    assertThat(String.join(" ", asked.metrics())).isEqualTo(metrics);
    assertThat(String.join(" ", asked.labels())).isEqualTo(labels == null ? "" : labels);
  }
}
