package io.mendline.processors.policy;

import com.fasterxml.jackson.annotation.JsonProperty;

/** How far Mendline may go by itself. */
public enum Mode {
  /** Nothing is asked for and nothing released; findings, incidents and escalations go on. */
  @JsonProperty("off")
  OFF,
  /** Commands are released marked as a dry run: they say what would be done and have no effect. */
  @JsonProperty("dry-run")
  DRY_RUN,
  /** Commands wait until a person approves them. */
  @JsonProperty("approval")
  APPROVAL,
  /** Commands are released by themselves, except those of actions that always need approval. */
  @JsonProperty("auto")
  AUTO
}
