package io.mendline.processors.governor;

/** Why a command is held: the check that stands in its way. */
public enum Hold {
  /** Nothing at all is released. */
  KILL_SWITCH("the kill switch is on"),
  /** A person has to approve it. */
  APPROVAL(Notices.AWAITING_APPROVAL),
  /** Another command is in flight on the resource. */
  IN_FLIGHT("another command is in flight on the resource"),
  /** As many of its action as may be were released within the hour. */
  CAP("the cap of "),
  /** As many backfills of the dataset and layer run as may at once. */
  AT_ONCE("the limit of "),
  /** Something else. */
  OTHER("");

  private final String text;

  Hold(String text) {
    this.text = text;
  }

  /** How the audit says it, or how that begins. */
  String text() {
    return text;
  }

  /** The hold that an audited reason speaks of. */
  public static Hold of(String reason) {
    for (Hold hold : values()) {
      if (reason.startsWith(hold.text)) {
        return hold;
      }
    }
    return OTHER;
  }
}
