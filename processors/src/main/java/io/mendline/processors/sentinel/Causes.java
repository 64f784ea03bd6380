package io.mendline.processors.sentinel;

import io.mendline.processors.cause.CauseCatalogue;
import io.mendline.processors.cause.Diagnosis;
import io.mendline.processors.cause.SentinelCodes;
import io.mendline.schemas.Confidence;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Why a run of a rule failed, by what its record says: the issue codes first, then the reason, then
 * the description, and of these the one that says most.
 *
 * <p>That a window was given up is no cause. Where a record says nothing else the cause is not
 * known, and null: else every window given up without a word would count as one recurring cause.
 */
final class Causes {
  private static final Pattern SENTENCE_END = Pattern.compile("(?<=[.!?])\\s+");
  private static final Pattern RETRIED_LATER = Pattern.compile("(?i)next\\s+scheduled\\s+time");

  /** The surest first; of equally sure ones those the catalogue knows. */
  static final Comparator<Cause> BEST =
      Comparator.comparingInt(Causes::doubt).thenComparing(Causes::unlisted);

  private final SentinelCodes codes;

  Causes(CauseCatalogue catalogue) {
    this.codes = new SentinelCodes(catalogue);
  }

  /** The cause, or null where the record names none. */
  Cause of(SentinelHealth row) {
    String text = beyondGivingUp(row.description());
    List<Cause> candidates = new ArrayList<>();
    for (String code : row.issues()) {
      candidates.add(cause(codes.classify(code, text)));
    }
    String reason = beyondGivingUp(row.reason());
    if (reason != null) {
      candidates.add(cause(codes.classify(reason, text)));
    }
    if (candidates.isEmpty() && text != null) {
      candidates.add(cause(codes.classify(null, text)));
    }
    return candidates.stream().min(BEST).orElse(null);
  }

  /**
   * What is known of one issue code.
   *
   * @param text what the record says beside it; nullable
   */
  Cause of(String code, String text) {
    return cause(codes.classify(code, beyondGivingUp(text)));
  }

  private static Cause cause(Diagnosis diagnosis) {
    return new Cause(
        diagnosis.key(),
        diagnosis.category().id(),
        diagnosis.transience(),
        diagnosis.title(),
        diagnosis.hint(),
        diagnosis.confidence());
  }

  /** The text without the sentences that only say that the window was given up; null if empty. */
  private static String beyondGivingUp(String text) {
    if (text == null) {
      return null;
    }
    StringBuilder rest = new StringBuilder();
    for (String sentence : SENTENCE_END.split(text.strip(), -1)) {
      if (!ConsolidatedWording.in(sentence) && !RETRIED_LATER.matcher(sentence).find()) {
        rest.append(rest.isEmpty() ? "" : " ").append(sentence);
      }
    }
    return rest.isEmpty() ? null : rest.toString();
  }

  private static int doubt(Cause cause) {
    if (cause.confidence() == Confidence.HIGH) {
      return 0;
    }
    return cause.confidence() == Confidence.MEDIUM ? 1 : 2;
  }

  /** Whether the catalogue does not know it. */
  static boolean unlisted(Cause cause) {
    return cause.key().startsWith("unknown/");
  }
}
