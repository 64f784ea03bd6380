package io.mendline.cli.poll;

import io.mendline.databricks.api.Workspace;
import io.mendline.databricks.poller.PollerConfig;
import io.mendline.processors.policy.Globs;
import io.mendline.topology.SettingsSection;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What {@code databricks.*} says to the run poller. */
public final class PollerSettings {
  private static final String WORKSPACE = "workspace.";
  private static final String PIPELINES = "pipelines";
  private static final String REPORTS = "reports.jobs";
  private static final String STATE_DIR = "state/databricks";
  private static final Pattern NAME = Pattern.compile("[a-z0-9][a-z0-9-]*");
  private static final Pattern AZURE_HOST = Pattern.compile("adb-([0-9]+)\\..*");
  private static final Set<String> LOCAL = Set.of("localhost", "127.0.0.1", "[::1]");

  /** One setting that is a duration. */
  private record Span(
      String key, String byDefault, String values, Duration least, Duration most, String meaning) {
    Duration of(SettingsSection section) {
      return section.duration(key, byDefault, least, most);
    }
  }

  private static final Span INTERVAL =
      new Span(
          "interval",
          "30s",
          "5s to 10m",
          Duration.ofSeconds(5),
          Duration.ofMinutes(10),
          "How often the lists of runs and of pipelines are read.");
  private static final Span JOBS_INTERVAL =
      new Span(
          "jobs.interval",
          "5m",
          "1m to 1d",
          Duration.ofMinutes(1),
          Duration.ofDays(1),
          "How often the list of jobs is read.");
  private static final Span LOOKBACK =
      new Span(
          "lookback",
          "1d",
          "1m to 60d",
          Duration.ofMinutes(1),
          Duration.ofDays(60),
          "How far back the first reading of a workspace goes; the platform keeps runs for 60 days.");
  private static final Span OVERLAP =
      new Span(
          "overlap",
          "10m",
          "1m to 6h",
          Duration.ofMinutes(1),
          Duration.ofHours(6),
          "How late a run may appear in the list.");
  private static final Span REPAIR_WATCH =
      new Span(
          "repair.watch",
          "1d",
          "0s to 14d",
          Duration.ZERO,
          Duration.ofDays(14),
          "How long after its end a run that did not succeed is looked at for a repair.");
  private static final Span TIMEOUT =
      new Span(
          "timeout",
          "30s",
          "1s to 5m",
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          "How long an answer, or the next part of it, is waited for.");

  private PollerSettings() {}

  /** Every setting as key, default, values and meaning, for the documentation. */
  static List<List<String>> reference() {
    List<List<String>> rows = new ArrayList<>();
    String of = WORKSPACE + "NAME.";
    rows.add(
        List.of(
            of + "host",
            "",
            "https://…",
            "Where a workspace is. NAME is yours to choose: a-z, 0-9 and -. At least one."));
    rows.add(
        List.of(
            of + "id",
            "from the host",
            "a number",
            "Its id: what stands after o= in addresses of the workspace. Hosts like adb-ID.N.azuredatabricks.net tell it."));
    rows.add(List.of(of + "token", "", "text", "A token to log in with. A secret."));
    rows.add(
        List.of(of + "client.id", "", "text", "Or the application id of a service principal,"));
    rows.add(List.of(of + "client.secret", "", "text", "and its OAuth secret. A secret."));
    rows.add(
        List.of(
            of + PIPELINES,
            "true",
            "true, false",
            "Whether declarative pipelines are read, their updates and errors."));
    rows.add(
        List.of(
            "state.dir",
            STATE_DIR,
            "a path",
            "The folder that keeps how far each workspace was read."));
    for (Span span : List.of(INTERVAL, OVERLAP, LOOKBACK, JOBS_INTERVAL, REPAIR_WATCH, TIMEOUT)) {
      rows.add(List.of(span.key(), span.byDefault(), span.values(), span.meaning()));
    }
    rows.add(
        List.of(
            REPORTS,
            "",
            "names, with `*` for any text, separated by commas",
            "Jobs whose notebooks report with their exit how they went: it is fetched of runs that"
                + " ended well, too. A call more for each notebook."));
    return rows;
  }

  /**
   * The settings of the poller.
   *
   * @param timeout how long an answer is waited for
   */
  public record Read(PollerConfig config, Duration timeout) {}

  /**
   * Reads what a file and the environment say.
   *
   * @throws io.mendline.topology.SettingsException with all that is wrong
   */
  public static Read read(Path file, Map<String, String> environment) {
    SettingsSection section = SettingsSection.load(file, environment, SettingsSection.DATABRICKS);
    Path stateDir = section.get("state.dir", Path::of).orElse(Path.of(STATE_DIR));
    Duration interval = INTERVAL.of(section);
    Duration jobsInterval = JOBS_INTERVAL.of(section);
    Duration lookback = LOOKBACK.of(section);
    Duration overlap = OVERLAP.of(section);
    Duration repairWatch = REPAIR_WATCH.of(section);
    Duration timeout = TIMEOUT.of(section);
    List<String> reports = section.get(REPORTS, PollerSettings::names).orElse(List.of());
    Set<String> pipelinesOff = new HashSet<>();
    List<Workspace> workspaces = workspaces(section, pipelinesOff);
    section.check();
    return new Read(
        new PollerConfig(
            workspaces,
            pipelinesOff,
            job -> reports.stream().anyMatch(pattern -> Globs.matches(pattern, job)),
            stateDir,
            lookback,
            overlap,
            interval,
            jobsInterval,
            repairWatch),
        timeout);
  }

  private static List<Workspace> workspaces(SettingsSection section, Set<String> pipelinesOff) {
    Set<String> names = new TreeSet<>();
    for (String key : section.keys()) {
      int end = key.indexOf('.', WORKSPACE.length());
      if (key.startsWith(WORKSPACE) && end > 0) {
        names.add(key.substring(WORKSPACE.length(), end));
      }
    }
    if (names.isEmpty()) {
      section.problem(WORKSPACE + "NAME.host", "is missing; name at least one workspace");
    }
    List<Workspace> workspaces = new ArrayList<>();
    Set<String> ids = new HashSet<>();
    for (String name : names) {
      boolean pipelines =
          section.get(WORKSPACE + name + '.' + PIPELINES, PollerSettings::yesOrNo).orElse(true);
      workspace(section, name, ids)
          .ifPresent(
              workspace -> {
                workspaces.add(workspace);
                if (!pipelines) {
                  pipelinesOff.add(workspace.id());
                }
              });
    }
    return workspaces;
  }

  private static boolean yesOrNo(String text) {
    if (!text.equals("true") && !text.equals("false")) {
      throw new IllegalArgumentException("is neither true nor false");
    }
    return text.equals("true");
  }

  private static List<String> names(String text) {
    return Stream.of(text.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .toList();
  }

  private static Optional<Workspace> workspace(
      SettingsSection section, String name, Set<String> ids) {
    String prefix = WORKSPACE + name + '.';
    String host = section.get(prefix + "host", PollerSettings::host).orElse(null);
    String said = section.get(prefix + "id", PollerSettings::id).orElse(null);
    String token = section.get(prefix + "token", PollerSettings::secret).orElse(null);
    String client = section.get(prefix + "client.id", PollerSettings::secret).orElse(null);
    String secret = section.get(prefix + "client.secret", PollerSettings::secret).orElse(null);
    if (!NAME.matcher(name).matches()) {
      section.problem(prefix + "host", "has a name of other than a-z, 0-9 and -");
    }
    if (host == null) {
      if (!section.keys().contains(prefix + "host")) {
        section.problem(prefix + "host", "is missing; set it to the address of the workspace");
      }
      return Optional.empty();
    }
    String id = said == null ? idOf(host) : said;
    if (id == null) {
      section.problem(
          prefix + "id",
          "is missing, and the host does not tell it; set it to the number after o=");
      return Optional.empty();
    }
    if (!ids.add(id)) {
      section.problem(prefix + "id", "is " + id + ", which another workspace has; take one out");
    }
    boolean principal = client != null && secret != null;
    if (token != null ? client != null || secret != null : !principal) {
      section.problem(
          prefix + "token", "or client.id and client.secret have to be set, one or the other");
      return Optional.empty();
    }
    return Optional.of(new Workspace(name, id, host, token, client, secret));
  }

  /** A login goes over TLS, unless it stays on this machine. */
  private static String host(String text) {
    try {
      URI uri = new URI(text.contains("://") ? text : "https://" + text);
      boolean bare =
          uri.getHost() != null
              && uri.getUserInfo() == null
              && (uri.getPath().isEmpty() || uri.getPath().equals("/"))
              && uri.getQuery() == null;
      boolean safe =
          "https".equals(uri.getScheme())
              || ("http".equals(uri.getScheme()) && LOCAL.contains(uri.getHost()));
      if (bare && safe) {
        return uri.getScheme() + "://" + uri.getAuthority().toLowerCase(Locale.ROOT);
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    throw new IllegalArgumentException(
        "is not an address such as https://adb-123.4.azuredatabricks.net");
  }

  private static String id(String text) {
    if (!text.matches("[0-9]{1,19}")) {
      throw new IllegalArgumentException("is not a number");
    }
    return text;
  }

  /** It becomes part of a header. */
  private static String secret(String text) {
    if (!text.matches("[\\x21-\\x7E]+")) {
      throw new IllegalArgumentException("is empty, or holds blanks or other than ASCII");
    }
    return text;
  }

  private static String idOf(String host) {
    Matcher matcher = AZURE_HOST.matcher(URI.create(host).getHost());
    return matcher.matches() ? matcher.group(1) : null;
  }
}
