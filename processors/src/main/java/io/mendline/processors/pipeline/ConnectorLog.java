package io.mendline.processors.pipeline;

import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * What a workspace's data connectors said of themselves, in the intake's store: one entry for each
 * connector, see {@link ConnectorHours}, and one that lists them.
 *
 * <p>An entry is written when an hour is marked that was not: usually once an hour of event time
 * for each connector, and once more in an hour in which its state changes.
 *
 * <p>At most {@value #MOST} connectors of a workspace are known, under 100 KB. Of more, those go
 * that nothing was heard of for sixteen days, then those with the greatest ids: by content, so that
 * the order of arrival decides nothing, and always the same, so that the others' memory stays
 * whole.
 */
final class ConnectorLog {
  /** At most so many connectors of a workspace are known. */
  static final int MOST = 128;

  /** Older first; of one time, by id, and a failure before a silence. */
  private static final Comparator<ConnectorTrouble> ORDER =
      Comparator.comparingLong(ConnectorTrouble::since)
          .thenComparing(ConnectorTrouble::id)
          .thenComparing(ConnectorTrouble::state);

  private ConnectorLog() {}

  /** Takes note of a record about a connector. */
  static void remember(Store<RouteMemory> store, String route, SentinelHealth row) {
    String id = row.resourceId();
    StateKey key = RouteMemory.connectorKey(route, id);
    ConnectorHours hours = hours(store, key);
    if (hours == null) {
      hours = new ConnectorHours();
      hours.hear(row);
      if (list(store, route, id, hours)) {
        store.put(key, new RouteMemory.Connector(hours));
      }
    } else if (hours.hear(row)) {
      store.put(key, new RouteMemory.Connector(hours));
    }
  }

  /** The troubles that touch {@code [from, to]}, as of {@code to}. */
  static List<ConnectorTrouble> troubles(
      Store<RouteMemory> store, String route, long from, long to, Presence workspace) {
    List<ConnectorTrouble> found = new ArrayList<>();
    for (String id : ids(store, route)) {
      ConnectorHours hours = hours(store, RouteMemory.connectorKey(route, id));
      if (hours != null) {
        found.addAll(hours.troubles(id, to, workspace));
      }
    }
    found.removeIf(trouble -> trouble.until() < from || trouble.since() > to);
    found.sort(ORDER);
    return found;
  }

  /** Lists a connector, in the place of another where there are too many; false if it may not. */
  private static boolean list(
      Store<RouteMemory> store, String route, String id, ConnectorHours hours) {
    List<String> ids = new ArrayList<>(ids(store, route));
    ids.add(id);
    ids.sort(Comparator.naturalOrder());
    if (ids.size() > MOST) {
      forgetUnheard(store, route, ids, hours.heardUntil());
    }
    if (ids.size() > MOST) {
      String last = ids.remove(ids.size() - 1);
      if (last.equals(id)) {
        return false;
      }
      store.put(RouteMemory.connectorKey(route, last), null);
    }
    store.put(RouteMemory.connectorsKey(route), new RouteMemory.Connectors(List.copyOf(ids)));
    return true;
  }

  private static void forgetUnheard(
      Store<RouteMemory> store, String route, List<String> ids, long now) {
    long oldest = now - ConnectorHours.HOURS * ConnectorHours.HOUR_MILLIS;
    ids.removeIf(
        id -> {
          StateKey key = RouteMemory.connectorKey(route, id);
          ConnectorHours hours = hours(store, key);
          boolean unheard = hours != null && hours.heardUntil() <= oldest;
          if (unheard) {
            store.put(key, null);
          }
          return unheard;
        });
  }

  private static List<String> ids(Store<RouteMemory> store, String route) {
    return store.get(RouteMemory.connectorsKey(route)) instanceof RouteMemory.Connectors all
        ? all.ids()
        : List.of();
  }

  private static ConnectorHours hours(Store<RouteMemory> store, StateKey key) {
    return store.get(key) instanceof RouteMemory.Connector known ? known.hours() : null;
  }
}
