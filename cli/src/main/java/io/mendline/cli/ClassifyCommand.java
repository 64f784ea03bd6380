package io.mendline.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.cause.Diagnosis;
import io.mendline.processors.cause.FailureEvidence;
import io.mendline.processors.cause.RootCauseClassifier;
import io.mendline.serdes.text.Redactor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code mendline classify}. */
@Command(
    name = "classify",
    description =
        "Reads error messages from standard input, one a line (\\n in a line stands for a line break), and says"
            + " the root cause of each, one a line in the same order.")
final class ClassifyCommand implements Callable<Integer> {
  private static final JsonFactory JSON = new JsonFactory();

  @Spec private CommandSpec spec;

  @Option(
      names = "--json",
      description =
          "One JSON object a line: key, category, transience, title, confidence, fingerprint, hint,"
              + " retryDoomed.")
  private boolean json;

  @Option(
      names = "--causes",
      paramLabel = "FILE",
      description = "A catalogue of your own, asked before the bundled one.")
  private Path causes;

  @Override
  public Integer call() throws IOException {
    CauseCatalogue catalogue = CauseCatalogue.bundled();
    RootCauseClassifier classifier =
        new RootCauseClassifier(causes == null ? catalogue : catalogue.with(causes));
    Redactor redactor = Redactor.standard();
    PrintWriter out = spec.commandLine().getOut();
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8), 1 << 16);
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      String message = redactor.redact(line.replace("\\n", "\n"));
      Diagnosis diagnosis = classifier.classify(FailureEvidence.ofMessage(message));
      out.print(json ? json(diagnosis) : text(diagnosis));
      out.print('\n');
    }
    out.flush();
    return 0;
  }

  private static String text(Diagnosis diagnosis) {
    String hint = diagnosis.hint() == null ? "" : " -> " + oneLine(diagnosis.hint());
    return diagnosis.key()
        + "  ["
        + diagnosis.category().id()
        + ", "
        + diagnosis.transience().name().toLowerCase(Locale.ROOT)
        + ", "
        + diagnosis.confidence().name().toLowerCase(Locale.ROOT)
        + "]  "
        + oneLine(diagnosis.title())
        + hint;
  }

  private static String json(Diagnosis diagnosis) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator out = JSON.createGenerator(text)) {
      out.writeStartObject();
      out.writeStringField("key", diagnosis.key());
      out.writeStringField("category", diagnosis.category().id());
      out.writeStringField("transience", diagnosis.transience().name());
      out.writeStringField("title", diagnosis.title());
      out.writeStringField("confidence", diagnosis.confidence().name());
      out.writeStringField("fingerprint", diagnosis.fingerprint());
      out.writeStringField("hint", diagnosis.hint());
      out.writeBooleanField("retryDoomed", diagnosis.doomedRetry());
      out.writeEndObject();
    }
    return text.toString();
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' ');
  }
}
