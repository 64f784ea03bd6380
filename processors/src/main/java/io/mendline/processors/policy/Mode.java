package io.mendline.processors.policy;

import java.util.Locale;

/** How far Mendline may go by itself. */
public enum Mode {
  /** Nothing is asked for and nothing released; findings, incidents and escalations go on. */
  OFF,
  /** Commands are released marked as a dry run: they say what would be done and have no effect. */
  DRY_RUN,
  /** Commands wait until a person approves them. */
  APPROVAL,
  /** Commands are released by themselves, except those of actions that always need approval. */
  AUTO;

  /** Its name in policies: its lower-case name, as {@code dry-run}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
