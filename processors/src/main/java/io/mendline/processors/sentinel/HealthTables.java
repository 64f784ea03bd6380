package io.mendline.processors.sentinel;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.Coordinates;
import io.mendline.processors.pipeline.Subject;
import io.mendline.processors.pipeline.ValueTable;
import io.mendline.schemas.ResourceType;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.WireEnums;
import io.mendline.serdes.telemetry.SentinelHealth;
import java.util.List;

/**
 * The binary form of what the states of connectors and automations share. What many records have in
 * common (the resource, the topic, the message, the cause) is written once, in tables ahead of the
 * records, which name it by its place.
 */
final class HealthTables {
  private static final WireEnums<SentinelHealth.Status> STATUSES =
      WireEnums.of(SentinelHealth.Status.class);
  private static final WireEnums<HealthFact.Kind> KINDS = WireEnums.of(HealthFact.Kind.class);

  private HealthTables() {}

  /** Writes a body and collects the tables for it. */
  static final class Out {
    private final ValueTable<Subject> subjects = new ValueTable<>();
    private final ValueTable<String> texts = new ValueTable<>();
    private final ValueTable<Cause> causes = new ValueTable<>();
    private final BinaryWriter body = new BinaryWriter();

    /** What the caller writes of its own. */
    BinaryWriter body() {
      return body;
    }

    /** Appends the tables, then the body. */
    void appendTo(BinaryWriter out) {
      out.writeList(subjects.values(), Out::write)
          .writeList(texts.values(), BinaryWriter::writeString)
          .writeList(causes.values(), CauseCodec::write)
          .writeBytes(body.toByteArray());
    }

    void queue(FactQueue queue) {
      body.writeVarLong(queue.early());
      HealthFact.Place last = queue.last();
      body.writeBoolean(last != null);
      if (last != null) {
        body.writeZigZag(last.time()).writeEnum(last.kind()).writeFixed64(last.contentId());
      }
      body.writeList(queue.waiting(), (to, fact) -> fact(fact));
    }

    void nullableFact(HealthFact fact) {
      body.writeBoolean(fact != null);
      if (fact != null) {
        fact(fact);
      }
    }

    private void fact(HealthFact fact) {
      body.writeZigZag(fact.time())
          .writeFixed64(fact.contentId())
          .writeEnum(fact.kind())
          .writeEnum(fact.status())
          .writeBoolean(fact.throttled())
          .writeVarInt(subjects.placeOf(fact.subject()))
          .writeList(fact.codes(), (to, code) -> to.writeVarInt(texts.placeOf(code)));
      causes.writeNullable(fact.cause(), body);
      texts.writeNullable(fact.message(), body);
      coordinates(fact.at());
      body.writeNullableString(fact.ref());
    }

    void nullableEpisode(FailingEpisode episode) {
      body.writeBoolean(episode != null);
      if (episode == null) {
        return;
      }
      body.writeZigZag(episode.since)
          .writeBoolean(episode.raised())
          .writeZigZag(episode.raised() ? episode.raisedAt : 0)
          .writeVarInt(episode.revision)
          .writeVarLong(episode.failures)
          .writeVarLong(episode.partialSuccesses)
          .writeVarLong(episode.throttled)
          .writeEnum(episode.lastStatus)
          .writeZigZag(episode.lastAt)
          .writeVarInt(subjects.placeOf(episode.subject))
          .writeNullableString(episode.message)
          .writeZigZag(episode.messageAt)
          .writeStrings(episode.codes);
      causes.writeNullable(episode.cause, body);
      body.writeList(
          episode.sightings,
          (to, seen) -> {
            to.writeFixed64(seen.contentId());
            coordinates(seen.at());
            to.writeNullableString(seen.ref());
          });
    }

    private void coordinates(Coordinates at) {
      body.writeVarInt(texts.placeOf(at.topic()))
          .writeVarInt(at.partition())
          .writeZigZag(at.offset());
    }

    private static void write(BinaryWriter to, Subject subject) {
      to.writeString(subject.type().name())
          .writeString(subject.id())
          .writeNullableString(subject.name())
          .writeNullableString(subject.workspace())
          .writeNullableString(subject.tenant());
    }
  }

  /** Reads what {@link Out} appended, in the order in which it was written. */
  static final class In {
    private final List<Subject> subjects;
    private final List<String> texts;
    private final List<Cause> causes;
    private final BinaryReader body;

    In(BinaryReader in) {
      subjects = in.readList(In::readSubject);
      texts = in.readList(BinaryReader::readString);
      causes = in.readList(CauseCodec::read);
      body = new BinaryReader(in.readBytes());
    }

    /** What the caller has written of its own. */
    BinaryReader body() {
      return body;
    }

    FactQueue queue() {
      long early = body.readVarLong();
      HealthFact.Place last =
          body.readBoolean()
              ? new HealthFact.Place(body.readZigZag(), body.readEnum(KINDS), body.readFixed64())
              : null;
      return new FactQueue(body.readList(from -> fact()), last, early);
    }

    HealthFact nullableFact() {
      return body.readBoolean() ? fact() : null;
    }

    private HealthFact fact() {
      return new HealthFact(
          body.readZigZag(),
          body.readFixed64(),
          body.readEnum(KINDS),
          body.readEnum(STATUSES),
          body.readBoolean(),
          ValueTable.read(subjects, body),
          body.readList(from -> ValueTable.read(texts, from)),
          ValueTable.readNullable(causes, body),
          ValueTable.readNullable(texts, body),
          coordinates(),
          body.readNullableString());
    }

    FailingEpisode nullableEpisode() {
      if (!body.readBoolean()) {
        return null;
      }
      FailingEpisode episode = new FailingEpisode(body.readZigZag());
      boolean raised = body.readBoolean();
      long raisedAt = body.readZigZag();
      episode.raisedAt = raised ? raisedAt : HealthState.NEVER;
      episode.revision = body.readVarInt();
      episode.failures = body.readVarLong();
      episode.partialSuccesses = body.readVarLong();
      episode.throttled = body.readVarLong();
      episode.lastStatus = body.readEnum(STATUSES);
      episode.lastAt = body.readZigZag();
      episode.subject = ValueTable.read(subjects, body);
      episode.message = body.readNullableString();
      episode.messageAt = body.readZigZag();
      episode.codes.addAll(body.readStrings());
      episode.cause = ValueTable.readNullable(causes, body);
      episode.sightings.addAll(
          body.readList(
              from ->
                  new FailingEpisode.Sighting(
                      from.readFixed64(), coordinates(), from.readNullableString())));
      return episode;
    }

    private Coordinates coordinates() {
      return new Coordinates(ValueTable.read(texts, body), body.readVarInt(), body.readZigZag());
    }

    private static Subject readSubject(BinaryReader from) {
      return new Subject(
          Codecs.readNamed(ResourceType.class, from),
          from.readString(),
          from.readNullableString(),
          from.readNullableString(),
          from.readNullableString());
    }
  }
}
