package io.mendline.topology;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.apache.kafka.streams.state.HostInfo;

/** Where the API of an instance is, as its settings say. */
final class ApiAddress {
  private static final int NO_PORT = -1;

  private ApiAddress() {}

  /**
   * Where other instances reach it.
   *
   * @param port at which it listens
   * @throws SettingsException when the setting is no address
   */
  static HostInfo of(Settings settings, int port) {
    String advertised = settings.get(Setting.API_ADVERTISED);
    if (advertised.isEmpty()) {
      return new HostInfo(reachable(address(settings)), port);
    }
    int colon = advertised.lastIndexOf(':');
    int given = colon < 1 ? NO_PORT : number(advertised.substring(colon + 1));
    if (given == NO_PORT) {
      throw new SettingsException(
          "\"api.advertised\" cannot be \"" + advertised + "\": write host:port");
    }
    return new HostInfo(advertised.substring(0, colon), given);
  }

  /** Whether only this machine can reach it. */
  static boolean onlyHere(Settings settings) {
    return address(settings).isLoopbackAddress();
  }

  private static String reachable(InetAddress listening) {
    if (!listening.isAnyLocalAddress()) {
      return listening.getHostAddress();
    }
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      throw new SettingsException(
          "\"api.advertised\" is missing: this machine does not know its own name; write host:port");
    }
  }

  private static InetAddress address(Settings settings) {
    String host = settings.get(Setting.API_HOST);
    try {
      return InetAddress.getByName(host);
    } catch (UnknownHostException e) {
      throw new SettingsException(
          "\"api.host\" cannot be \"" + host + "\": it is no address of this machine");
    }
  }

  private static int number(String text) {
    try {
      int port = Integer.parseInt(text);
      return port > 0 && port <= 65_535 ? port : NO_PORT;
    } catch (NumberFormatException e) {
      return NO_PORT;
    }
  }
}
