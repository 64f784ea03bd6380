package io.mendline.serdes.telemetry;

import io.mendline.serdes.telemetry.SentinelHealth.Operation;
import io.mendline.serdes.telemetry.SentinelHealth.ResourceType;
import io.mendline.serdes.telemetry.SentinelHealth.RuleKind;
import io.mendline.serdes.telemetry.SentinelHealth.Status;

/**
 * The words of the SentinelHealth table, with the spellings that are documented and those that were
 * seen; see {@link Spellings} for what counts as one spelling.
 */
final class SentinelWords {
  static final Spellings<ResourceType> RESOURCE_TYPES =
      Spellings.of(ResourceType.class, SentinelWords::resourceTypes);
  static final Spellings<RuleKind> RULE_KINDS =
      Spellings.of(RuleKind.class, SentinelWords::ruleKinds);
  static final Spellings<Operation> OPERATIONS =
      Spellings.of(Operation.class, SentinelWords::operations);
  static final Spellings<Status> STATUSES = Spellings.of(Status.class, SentinelWords::statuses);

  private SentinelWords() {}

  /** The type that only runs of this operation have, for rows that do not say. */
  static ResourceType typeOf(Operation operation) {
    return switch (operation) {
      case SCHEDULED_RULE_RUN, NRT_RULE_RUN -> ResourceType.ANALYTICS_RULE;
      case DATA_FETCH_STATUS_CHANGE, DATA_FETCH_FAILURE_SUMMARY -> ResourceType.CONNECTOR;
      case AUTOMATION_RULE_RUN -> ResourceType.AUTOMATION_RULE;
      case PLAYBOOK_TRIGGERED -> ResourceType.PLAYBOOK;
      case OTHER -> ResourceType.OTHER;
    };
  }

  /** The kind of an analytics rule from its operation, for rows that do not say. */
  static RuleKind kindOf(Operation operation) {
    return switch (operation) {
      case SCHEDULED_RULE_RUN -> RuleKind.SCHEDULED;
      case NRT_RULE_RUN -> RuleKind.NRT;
      default -> RuleKind.OTHER;
    };
  }

  private static String resourceTypes(ResourceType type) {
    return switch (type) {
      case ANALYTICS_RULE ->
          words("Analytics rule", "Analytic rule", "Analytics rules", "Alert rule", "alertRules");
      case CONNECTOR -> words("Data connector", "Connector", "Data connectors");
      case AUTOMATION_RULE -> words("Automation rule", "Automation rules");
      case PLAYBOOK -> words("Playbook", "Playbooks");
      case OTHER -> words();
    };
  }

  private static String ruleKinds(RuleKind kind) {
    return switch (kind) {
      case SCHEDULED -> words("Scheduled");
      case NRT -> words("NRT", "NrtRun", "Near real time");
      case OTHER -> words();
    };
  }

  private static String operations(Operation operation) {
    return switch (operation) {
      case SCHEDULED_RULE_RUN ->
          words(
              "Scheduled analytics rule run", "Scheduled analytic rule run", "Scheduled rule run");
      case NRT_RULE_RUN -> words("NRT analytics rule run", "NRT analytic rule run", "NRT rule run");
      case DATA_FETCH_STATUS_CHANGE -> words("Data fetch status change");
      case DATA_FETCH_FAILURE_SUMMARY -> words("Data fetch failure summary");
      case AUTOMATION_RULE_RUN -> words("Automation rule run");
      case PLAYBOOK_TRIGGERED -> words("Playbook was triggered", "Playbook triggered");
      case OTHER -> words();
    };
  }

  private static String statuses(Status status) {
    return switch (status) {
      case SUCCESS -> words("Success", "Succeeded");
      case PARTIAL_SUCCESS -> words("Partial success", "Partially succeeded");
      case FAILURE -> words("Failure", "Failed");
      case WARNING -> words("Warning");
      case INFORMATIONAL -> words("Informational", "Information", "Info");
      case OTHER -> words();
    };
  }

  private static String words(String... words) {
    return Spellings.join(words);
  }
}
