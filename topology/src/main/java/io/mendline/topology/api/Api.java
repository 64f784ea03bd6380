package io.mendline.topology.api;

import io.javalin.http.Context;
import io.mendline.processors.ingest.Inputs;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.schemas.Incident;
import io.mendline.serdes.RecordFormat;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.state.HostInfo;

/** Everything that answers questions on one instance, put together. */
public final class Api implements AutoCloseable {
  /** What a question between instances holds beside its filter. */
  private static final Set<String> OWN =
      Set.of(Peers.PARTITIONS, Peers.BEHIND, Parameters.LIMIT, Parameters.PAGE);

  private final LocalStores local;
  private final QueryRoutes queries;
  private final OverviewRoutes overviews;
  private final WriteRoutes writes;
  private final EventStream events;
  private final InputWriter writer;

  /**
   * An API.
   *
   * @param streams the application
   * @param here where other instances reach this one, as they were told
   * @param setup what the application works on
   * @param access who may write
   * @param client settings of Kafka's clients
   */
  public Api(
      KafkaStreams streams, HostInfo here, Setup setup, Access access, Map<String, Object> client) {
    Holders holders = new Holders(streams, here, setup.transactions());
    local = new LocalStores(holders, setup.policies());
    queries = new QueryRoutes(new Gatherer(holders, local, new Peers()), setup.partitions());
    overviews =
        new OverviewRoutes(
            queries,
            setup.policies(),
            setup.inputs(),
            setup.topics(),
            setup.lateness(),
            setup.wall());
    writer = new InputWriter(setup.topics(), client);
    writes = new WriteRoutes(writer, queries, access.token(), access.loopback(), setup.wall());
    events = new EventStream(setup.told(), setup.incidents(), client);
  }

  /**
   * What the application works on.
   *
   * @param topics the input topics by source
   * @param told the topic of incidents
   * @param partitions of the engine
   * @param transactions whether it writes within transactions
   * @param lateness per source, milliseconds
   * @param incidents what the topic of incidents is written in
   * @param wall the wall clock, epoch milliseconds
   */
  public record Setup(
      Map<Source, String> topics,
      String told,
      int partitions,
      boolean transactions,
      Map<Source, Long> lateness,
      PolicyBook policies,
      Inputs inputs,
      RecordFormat<Incident> incidents,
      LongSupplier wall) {}

  /**
   * Who may write.
   *
   * @param token what a writer has to show; empty when none is set
   * @param loopback whether only this machine can reach the API
   */
  public record Access(String token, boolean loopback) {
    @Override
    public String toString() {
      return "Access[loopback=" + loopback + "]";
    }
  }

  QueryRoutes queries() {
    return queries;
  }

  OverviewRoutes overviews() {
    return overviews;
  }

  WriteRoutes writes() {
    return writes;
  }

  EventStream events() {
    return events;
  }

  /** Answers another instance. */
  void peer(Context context) {
    Kind kind =
        Kind.of(context.pathParam("kind"))
            .orElseThrow(() -> Problem.notFound("instances do not ask each other for that"));
    Map<String, String> filter =
        context.queryParamMap().entrySet().stream()
            .filter(each -> !OWN.contains(each.getKey()))
            .collect(Collectors.toMap(Map.Entry::getKey, each -> each.getValue().get(0)));
    try {
      Set<Integer> partitions =
          Arrays.stream(String.valueOf(context.queryParam(Peers.PARTITIONS)).split(",", -1))
              .map(Integer::valueOf)
              .collect(Collectors.toSet());
      int limit = Integer.parseInt(String.valueOf(context.queryParam(Parameters.LIMIT)));
      RowKey after = RowKey.of(context.queryParam(Parameters.PAGE));
      QueryRoutes.respond(
          context,
          local
              .answer(
                  new Question(kind, filter, after, limit),
                  partitions,
                  Boolean.parseBoolean(context.queryParam(Peers.BEHIND)))
              .document());
    } catch (NumberFormatException e) {
      throw Problem.badRequest("partitions and limit are numbers");
    }
  }

  @Override
  public void close() {
    events.close();
    writer.close();
  }
}
