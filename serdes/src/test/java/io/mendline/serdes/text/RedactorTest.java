package io.mendline.serdes.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RedactorTest {
  private final Redactor redactor = Redactor.standard();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "401 for Bearer abc.def-ghi|401 for Bearer [redacted]",
        "bearer secret|bearer [redacted]",
        "Authorization: Basic dXNlcjpwYXNz, then|Authorization: Basic [redacted], then",
        "bearer token 0123456789abcdef refused|bearer token [redacted] refused",
        "https://x.blob.core.windows.net/c?sv=1&sig=Ab%2Bc%3D&se=2|"
            + "https://x.blob.core.windows.net/c?sv=1&sig=[redacted]&se=2",
        "Endpoint=sb://n/;SharedAccessKeyName=Root;SharedAccessKey=abc+/=;EntityPath=e|"
            + "Endpoint=sb://n/;SharedAccessKeyName=Root;SharedAccessKey=[redacted];EntityPath=e",
        "AccountName=a;AccountKey=AbC123==;Suffix=s|"
            + "AccountName=a;AccountKey=[redacted];Suffix=s",
        "jdbc:postgresql://u:p@ss@db:5432/x|jdbc:postgresql://u:[redacted]@db:5432/x",
        "git clone https://ghtoken@host/r|git clone https://[redacted]@host/r",
        "password=\"two words\" user=u|password=[redacted] user=u",
        "PWD = x;user=u|PWD = [redacted];user=u",
        "{\"client_secret\": \"s3cr3t\", \"id\": 1}|{\"client_secret\": \"[redacted]\", \"id\": 1}",
        "{\\\"password\\\":\\\"x y\\\"}|{\\\"password\\\":\\\"[redacted]\\\"}",
        "token dapi0123456789abcdef0123456789abcdef-2 expired|token dapi[redacted] expired",
        "ghp_0123456789abcdefABCDEF|ghp_[redacted]",
        "jwt eyJhbGciOiJI.eyJzdWIiOiIx.sig-nature end|jwt [redacted] end",
      })
  void takesOutTheSecretAndLeavesTheStory(String text, String redacted) {
    assertThat(redactor.redact(text)).isEqualTo(redacted);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Rule's scheduled run at 06/01/2026 10:43:55 failed after numerous attempts.",
        "Bearer authentication failed: bearer token expired",
        "[TABLE_OR_VIEW_NOT_FOUND] The table `main`.`gold`.`sales` cannot be found. SQLSTATE: 42P01",
        "abfss://container@account.dfs.core.windows.net/path is not reachable",
        "mail someone@example.org about it",
        "https://adb-1.2.azuredatabricks.net/?o=1#job/2/run/3",
        "SELECT a FROM b WHERE c = 'd' AND key = 1",
        "a dose of the high and mighty",
      })
  void leavesOrdinaryTextAloneAndAllocatesNothingForIt(String text) {
    assertThat(redactor.redact(text)).isSameAs(text);
  }

  @Test
  void nullStaysNull() {
    assertThat(redactor.redact(null)).isNull();
  }

  @Test
  void ownPatternsComeOnTop() {
    Redactor own = Redactor.with(List.of("ACME-\\d+"));

    assertThat(own.redact("ACME-123 and sig=x")).isEqualTo("[redacted] and sig=[redacted]");
  }

  @Test
  void aBadPatternIsNamedAtOnce() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Redactor.with(List.of("a(")))
        .withMessageContaining("redaction pattern 'a('")
        .withMessageNotContaining("\n");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Redactor.with(List.of("x*")))
        .withMessageContaining("matches the empty text");
  }

  @Property
  void redactingTwiceChangesNothing(@ForAll("texts") String text) {
    String once = redactor.redact(text);

    assertThat(redactor.redact(once)).isEqualTo(once);
  }

  @Provide
  Arbitrary<String> texts() {
    return Arbitraries.of(
            "Bearer ",
            "bearer token ",
            "sig=",
            "password",
            "=",
            ":",
            "\"",
            "'",
            "://",
            "u:p",
            "@",
            "https://",
            "dapi",
            "0123456789",
            "eyJ",
            ".",
            " ",
            "[redacted]",
            "ghp_",
            "abc",
            ";",
            "&",
            "AccountKey=",
            "Authorization: Basic ",
            "-",
            "\\",
            "/")
        .list()
        .ofMaxSize(12)
        .map(parts -> String.join("", parts));
  }

  /** Texts made to let a pattern start everywhere and fail late. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "@",
        "://",
        "eyJ-",
        "eyJaaaaaaaa",
        "bearer ",
        "bearer token ",
        "sig=",
        "sig ",
        "\"",
        "://a:",
        "dapi",
        "token=\"",
        "password\\\"",
        "Authorization: bearer ",
        "= "
      })
  void hostileTextCostsNoMoreThanItsLength(String piece) {
    String text = "bearer token " + piece.repeat(1_000_000 / piece.length()) + '\n';

    Assertions.assertTimeout(Duration.ofSeconds(5), () -> redactor.redact(text));
  }
}
