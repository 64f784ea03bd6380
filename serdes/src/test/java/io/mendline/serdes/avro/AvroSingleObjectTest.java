package io.mendline.serdes.avro;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mendline.schemas.Alert;
import io.mendline.schemas.AlertTrigger;
import io.mendline.schemas.Finding;
import io.mendline.schemas.Outcome;
import io.mendline.schemas.OutcomeStatus;
import io.mendline.serdes.RecordFormatException;
import io.mendline.serdes.Samples;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericData;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.message.BinaryMessageEncoder;
import org.junit.jupiter.api.Test;

class AvroSingleObjectTest {
  private final AvroSingleObject<Outcome> outcomes = new AvroSingleObject<>(Outcome.class);
  private final AvroSingleObject<Finding> findings = new AvroSingleObject<>(Finding.class);
  private final AvroSingleObject<Alert> alerts = new AvroSingleObject<>(Alert.class);

  @Test
  void whatIsWrittenIsReadBackEqual() {
    assertThat(findings.read(findings.write(Samples.finding()))).isEqualTo(Samples.finding());
    assertThat(alerts.read(alerts.write(Samples.alert()))).isEqualTo(Samples.alert());
    assertThat(outcomes.read(outcomes.write(Samples.outcome()))).isEqualTo(Samples.outcome());
  }

  @Test
  void theBytesAreWhatAvrosOwnDecoderExpects() throws IOException {
    byte[] data = outcomes.write(Samples.outcome());

    assertThat(data).startsWith(0xC3, 0x01);
    assertThat(Outcome.getDecoder().decode(data)).isEqualTo(Samples.outcome());
  }

  @Test
  void aRecordOfAnOlderContractGetsDefaultsForWhatItLacks() throws IOException {
    Schema older =
        new Schema.Parser()
            .parse(
                """
                {"type": "record", "name": "Outcome", "namespace": "io.mendline.schemas", "fields": [
                  {"name": "commandId", "type": "string"},
                  {"name": "status", "type": {"type": "enum", "name": "OutcomeStatus",
                     "symbols": ["SUCCEEDED", "MELTED"]}},
                  {"name": "at", "type": {"type": "long", "logicalType": "timestamp-millis"}},
                  {"name": "actor", "type": "string"}]}
                """);
    GenericData.Record record = new GenericData.Record(older);
    record.put("commandId", "c");
    record.put("status", new GenericData.EnumSymbol(older.getField("status").schema(), "MELTED"));
    record.put("at", 0L);
    record.put("actor", "a");
    ByteBuffer encoded =
        new BinaryMessageEncoder<GenericData.Record>(GenericData.get(), older).encode(record);
    byte[] data = new byte[encoded.remaining()];
    encoded.get(data);

    Outcome outcome = new AvroSingleObject<>(Outcome.class, older).read(data);

    assertThat(outcome.getStatus()).isEqualTo(OutcomeStatus.UNKNOWN);
    assertThat(outcome.getDetail()).isNull();
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> outcomes.read(data))
        .withMessageMatching(
            "Outcome written with schema of fingerprint [0-9a-f]{16}, which is not known here");
  }

  @Test
  void whatHasNoHeaderIsSaid() {
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> outcomes.read(new byte[] {1, 2, 3}))
        .withMessage("not an Avro single object: no C3 01 header");
  }

  @Property(tries = 2_000)
  void aDamagedRecordGivesARecordOrOneKindOfError(
      @ForAll @IntRange(min = 10, max = 200) int at, @ForAll byte damage) {
    byte[] data = findings.write(Samples.finding());
    data[Math.min(at, data.length - 1)] = damage;
    try {
      assertThat(findings.read(data)).isNotNull();
    } catch (RecordFormatException e) {
      assertThat(e).hasMessageStartingWith("Finding ");
    }
  }

  @Property
  void aCutRecordIsRefused(@ForAll @IntRange(max = 200) int length) {
    byte[] data = findings.write(Samples.finding());

    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> findings.read(Arrays.copyOf(data, Math.min(length, data.length - 1))));
  }

  @Test
  void bytesBehindTheRecordAreRefused() {
    byte[] data = outcomes.write(Samples.outcome());

    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> outcomes.read(Arrays.copyOf(data, data.length + 1)))
        .withMessage("Outcome is followed by bytes that are no part of it");
  }

  @Test
  void anAbsurdSizeTakesNoMemory() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.write(0xC3);
    bytes.write(0x01);
    long fingerprint = SchemaNormalization.parsingFingerprint64(Alert.getClassSchema());
    for (int i = 0; i < Long.BYTES; i++) {
      bytes.write((int) (fingerprint >>> (8 * i)));
    }
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    for (int i = 0; i < 2; i++) {
      encoder.writeString("x");
    }
    for (int i = 0; i < 4; i++) {
      encoder.writeEnum(0);
    }
    encoder.writeString("x");
    encoder.writeIndex(0);
    encoder.writeString("x");
    encoder.writeString("x");
    encoder.writeIndex(0);
    encoder.writeIndex(0);
    encoder.writeLong(2_000_000_000L); // findings that the alert claims to have
    encoder.flush();

    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> alerts.read(bytes.toByteArray()))
        .withMessageStartingWith("Alert cannot be read");
  }

  @Test
  void anIncompleteRecordIsNotWritten() {
    assertThatExceptionOfType(RecordFormatException.class)
        .isThrownBy(() -> outcomes.write(new Outcome()))
        .withMessageContaining("commandId");
    assertThat(AlertTrigger.NONE).isEqualTo(Samples.alert().getTrigger());
  }
}
