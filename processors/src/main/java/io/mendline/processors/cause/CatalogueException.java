package io.mendline.processors.cause;

/**
 * A cause catalogue that cannot be used. The message names the file, the entry and the field, and
 * says what would be right.
 */
public final class CatalogueException extends RuntimeException {
  CatalogueException(String message) {
    super(message);
  }

  CatalogueException(String message, Throwable cause) {
    super(message, cause);
  }
}
