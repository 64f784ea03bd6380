package io.mendline.serdes.binary;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class BinaryTest {

  enum Colour implements WireEnum {
    RED(4),
    GREEN(1);

    private static final WireEnums<Colour> ALL = WireEnums.of(Colour.class);
    private final int code;

    Colour(int code) {
      this.code = code;
    }

    @Override
    public int code() {
      return code;
    }
  }

  enum Clash implements WireEnum {
    ONE,
    OTHER;

    @Override
    public int code() {
      return 1;
    }
  }

  @Test
  void whatWasWrittenIsReadInTheSameOrder() {
    byte[] data =
        new BinaryWriter(0)
            .writeByte(255)
            .writeBoolean(true)
            .writeVarInt(-1)
            .writeVarLong(300)
            .writeZigZag(-1)
            .writeFixed64(0x0123456789ABCDEFL)
            .writeDouble(-0.5)
            .writeBytes(new byte[] {1, 2})
            .writeString("Größe 𝄞")
            .writeNullableString(null)
            .writeNullableString("")
            .writeEnum(Colour.RED)
            .writeStrings(List.of("a", ""))
            .toByteArray();

    BinaryReader reader = new BinaryReader(data);

    assertThat(reader.readByte()).isEqualTo(255);
    assertThat(reader.readBoolean()).isTrue();
    assertThat(reader.readVarInt()).isEqualTo(-1);
    assertThat(reader.readVarLong()).isEqualTo(300);
    assertThat(reader.readZigZag()).isEqualTo(-1);
    assertThat(reader.readFixed64()).isEqualTo(0x0123456789ABCDEFL);
    assertThat(reader.readDouble()).isEqualTo(-0.5);
    assertThat(reader.readBytes()).containsExactly(1, 2);
    assertThat(reader.readString()).isEqualTo("Größe 𝄞");
    assertThat(reader.readNullableString()).isNull();
    assertThat(reader.readNullableString()).isEmpty();
    assertThat(reader.readEnum(Colour.ALL)).isEqualTo(Colour.RED);
    assertThat(reader.readStrings()).containsExactly("a", "");
    reader.requireEnd();
  }

  @Property
  void everyLongComesBack(@ForAll long value) {
    byte[] data = new BinaryWriter().writeVarLong(value).writeZigZag(value).toByteArray();
    BinaryReader reader = new BinaryReader(data);

    assertThat(reader.readVarLong()).isEqualTo(value);
    assertThat(reader.readZigZag()).isEqualTo(value);
  }

  @Property
  void everyTextComesBackButForHalvesOfSurrogatePairs(@ForAll String text) {
    byte[] data = new BinaryWriter().writeNullableString(text).toByteArray();
    String once = new BinaryReader(data).readNullableString();
    byte[] again = new BinaryWriter().writeNullableString(once).toByteArray();

    assertThat(again).isEqualTo(data);
    if (text.codePoints().noneMatch(c -> c >= 0xD800 && c <= 0xDFFF)) {
      assertThat(once).isEqualTo(text);
    }
  }

  @Test
  void smallNumbersAndAbsentInstantsTakeOneByte() {
    assertThat(new BinaryWriter().writeVarLong(127).size()).isOne();
    assertThat(new BinaryWriter().writeZigZag(-1).size()).isOne();
    assertThat(new BinaryWriter().writeNullableString(null).size()).isOne();
  }

  @Test
  void bytesThatEndEarlySayWhere() {
    byte[] cut = {1, 2, 3};

    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> new BinaryReader(cut).readFixed64())
        .withMessage("the data ends where 8 more byte(s) are expected at byte 0");
    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> new BinaryReader(cut, 1, 2).readString())
        .withMessage("a size of 2 with 1 bytes left at byte 1")
        .satisfies(e -> assertThat(e.position()).isEqualTo(1));
  }

  @Test
  void anAbsurdSizeTakesNoMemory() {
    byte[] data = new BinaryWriter().writeVarInt(Integer.MAX_VALUE).writeByte(0).toByteArray();

    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> new BinaryReader(data).readStrings())
        .withMessageContaining("a size of 2147483647 with 1 bytes left");
    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> new BinaryReader(data).readBytes());
  }

  @Test
  void damageIsToldApart() {
    byte[] endless = {-1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1};
    byte[] notUtf8 = {2, (byte) 0xC3, 0x28};

    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> new BinaryReader(endless).readVarLong())
        .withMessage("a varint is longer than 64 bits at byte 0");
    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> new BinaryReader(notUtf8).readString())
        .withMessage("text is not UTF-8 at byte 1");
    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> new BinaryReader(new byte[] {9}).readEnum(Colour.ALL))
        .withMessage("no Colour has code 9 at byte 0");
    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> new BinaryReader(new byte[] {2}).readBoolean())
        .withMessage("a boolean is 2 at byte 0");
    assertThatExceptionOfType(CorruptDataException.class)
        .isThrownBy(() -> new BinaryReader(new byte[] {2}).requireEnd())
        .withMessage("1 bytes follow the end of the record at byte 0");
  }

  @Test
  void theReplacementCharacterItselfIsText() {
    byte[] data = new BinaryWriter().writeString("a\uFFFDb").toByteArray();

    assertThat(new BinaryReader(data).readString()).isEqualTo("a\uFFFDb");
  }

  @Test
  void twoConstantsMayNotShareACode() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> WireEnums.of(Clash.class))
        .withMessageContaining("ONE and OTHER share code 1");
  }
}
