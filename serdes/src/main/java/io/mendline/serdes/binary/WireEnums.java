package io.mendline.serdes.binary;

import java.util.Arrays;

/**
 * The way back from {@link WireEnum#code()} to the constant: an array look-up, built once per enum.
 *
 * @param <E> the enum
 */
public final class WireEnums<E extends Enum<E> & WireEnum> {
  private static final int MAX_CODE = 127;

  private final String name;
  private final E[] byCode;

  private WireEnums(String name, E[] byCode) {
    this.name = name;
    this.byCode = byCode;
  }

  /**
   * Builds the table of an enum.
   *
   * @throws IllegalArgumentException if two constants share a code or a code is not 0 to 127: a
   *     mistake in the enum, found when its class is first used
   */
  public static <E extends Enum<E> & WireEnum> WireEnums<E> of(Class<E> type) {
    E[] constants = type.getEnumConstants();
    int highest = Arrays.stream(constants).mapToInt(WireEnum::code).max().orElse(0);
    if (highest > MAX_CODE) {
      throw new IllegalArgumentException(type.getName() + ": code " + highest + " is above 127");
    }
    E[] byCode = Arrays.copyOf(constants, highest + 1);
    Arrays.fill(byCode, null);
    for (E constant : constants) {
      int code = constant.code();
      if (code < 0) {
        throw new IllegalArgumentException(type.getName() + ": " + constant + " has code " + code);
      }
      if (byCode[code] != null) {
        throw new IllegalArgumentException(
            type.getName() + ": " + byCode[code] + " and " + constant + " share code " + code);
      }
      byCode[code] = constant;
    }
    return new WireEnums<>(type.getSimpleName(), byCode);
  }

  /**
   * The constant of a code.
   *
   * @param position where the code was read, for the error
   * @throws CorruptDataException if no constant has this code
   */
  public E require(int code, int position) {
    E constant = code >= 0 && code < byCode.length ? byCode[code] : null;
    if (constant == null) {
      throw new CorruptDataException("no " + name + " has code " + code, position);
    }
    return constant;
  }
}
