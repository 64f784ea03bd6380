package io.mendline.processors.ingest;

import io.mendline.processors.pipeline.Codecs;
import io.mendline.processors.pipeline.SignalRecord;
import io.mendline.processors.pipeline.SignalRecordCodec;
import io.mendline.processors.pipeline.Source;
import io.mendline.processors.pipeline.StateCodec;
import io.mendline.processors.pipeline.StateKey;
import io.mendline.processors.policy.Policies;
import io.mendline.processors.policy.PolicyDocument;
import io.mendline.serdes.binary.BinaryReader;
import io.mendline.serdes.binary.BinaryWriter;
import io.mendline.serdes.binary.CorruptDataException;
import java.util.List;

/** What the {@code ingest} store holds. */
public sealed interface IngestMemory {
  /** The greatest event time read from one partition of an input topic, epoch milliseconds. */
  record Newest(long eventTime) implements IngestMemory {}

  /** The kept versions of a policy document, oldest first. */
  record Versions(List<PolicyDocument> documents) implements IngestMemory {}

  /** By what name records call a workspace; see {@link SignalRecord.Named}. */
  record Workspace(SignalRecord.Named named) implements IngestMemory {}

  /** What stands for the route in keys of {@link Newest}. */
  String INPUT = "input";

  /** The key of {@link Newest}. */
  static StateKey newestKey(Source source, int partition) {
    return new StateKey(INPUT, source.label() + "/" + partition);
  }

  /** The key of {@link Versions}. */
  static StateKey policyKey(String id) {
    return new StateKey("policy", id);
  }

  /** The key of {@link Workspace}. */
  static StateKey workspaceKey(String workspace) {
    return new StateKey("workspace", workspace);
  }

  /** The binary form. */
  final class Codec implements StateCodec<IngestMemory> {
    private static final int VERSION = 1;
    private static final int NEWEST = 1;
    private static final int VERSIONS = 2;
    private static final int WORKSPACE = 3;

    @Override
    public void write(IngestMemory state, BinaryWriter out) {
      out.writeByte(VERSION);
      if (state instanceof Newest newest) {
        out.writeByte(NEWEST).writeFixed64(newest.eventTime());
      } else if (state instanceof Versions versions) {
        out.writeByte(VERSIONS)
            .writeList(
                versions.documents(),
                (writer, document) ->
                    writer.writeString(document.id()).writeBytes(Policies.write(document)));
      } else if (state instanceof Workspace workspace) {
        SignalRecordCodec.write(workspace.named(), out.writeByte(WORKSPACE));
      }
    }

    private static SignalRecord.Named readNamed(BinaryReader in) {
      int at = in.position();
      if (SignalRecordCodec.read(in) instanceof SignalRecord.Named named) {
        return named;
      }
      throw new CorruptDataException("no name of a workspace", at);
    }

    @Override
    public IngestMemory read(BinaryReader in) {
      Codecs.requireVersion(in, VERSION, "ingest memory");
      int kind = in.readByte();
      return switch (kind) {
        case NEWEST -> new Newest(in.readFixed64());
        case VERSIONS ->
            new Versions(
                in.readList(reader -> Policies.parse(reader.readString(), reader.readBytes())));
        case WORKSPACE -> new Workspace(readNamed(in));
        default -> throw new CorruptDataException("no memory has the kind " + kind, in.position());
      };
    }
  }
}
