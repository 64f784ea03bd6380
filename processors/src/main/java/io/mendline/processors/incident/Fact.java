package io.mendline.processors.incident;

import io.mendline.processors.remediation.Trouble;
import io.mendline.schemas.Decision;
import io.mendline.schemas.OperationKind;
import io.mendline.schemas.OutcomeStatus;

/**
 * Something an incident has to take into account, waiting until the watermark has passed it. Facts
 * are folded in the order of their event time, then rank, then id, so that the order of arrival
 * does not matter.
 */
sealed interface Fact extends Comparable<Fact> {
  /** When it happened, epoch milliseconds. */
  long at();

  /** Decides between facts of one instant: what ends a trouble comes first. */
  int rank();

  /** Tells two facts of one instant and rank apart; the same fact told twice has the same id. */
  String id();

  @Override
  default int compareTo(Fact other) {
    int order = Long.compare(at(), other.at());
    if (order == 0) {
      order = Integer.compare(rank(), other.rank());
    }
    return order == 0 ? id().compareTo(other.id()) : order;
  }

  /** What tells this fact from any other of its incident. */
  default String identity() {
    return rank() + "/" + at() + "/" + id();
  }

  /** The trouble is over, as telemetry shows. */
  record Recovered(long at, String summary) implements Fact {
    @Override
    public int rank() {
      return 0;
    }

    @Override
    public String id() {
      return "";
    }
  }

  /** The trouble showed itself, for the first time or again. */
  record Struck(long at, Trouble trouble) implements Fact {
    @Override
    public int rank() {
      return 1;
    }

    @Override
    public String id() {
      return "";
    }
  }

  /** A person decided about a command; comment may be null. */
  record Decided(long at, String commandId, Decision decision, String by, String comment)
      implements Fact {
    @Override
    public int rank() {
      return 2;
    }

    @Override
    public String id() {
      return commandId;
    }
  }

  /** The executor reported; detail and reference may be null. */
  record Reported(
      long at,
      String commandId,
      OutcomeStatus status,
      String detail,
      String externalRef,
      String actor)
      implements Fact {
    @Override
    public int rank() {
      return 3;
    }

    @Override
    public String id() {
      return commandId + "/" + status;
    }
  }

  /**
   * A person did something to the incident; comment may be null.
   *
   * @param until for a snooze, epoch milliseconds; {@link Trouble#NONE} otherwise
   * @param fix for a verdict, what mended the cause; null where not said
   */
  record Operated(
      long at, String id, OperationKind kind, String by, long until, String comment, String fix)
      implements Fact {
    @Override
    public int rank() {
      return 4;
    }
  }
}
