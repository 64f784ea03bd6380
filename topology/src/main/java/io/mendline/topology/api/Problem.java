package io.mendline.topology.api;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Why a request cannot be answered, as a problem of RFC 9457. The message names what was asked for
 * and says what to do; it holds no secret.
 */
final class Problem extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String title;

  Problem(int status, String title, String detail) {
    super(detail, null, false, false);
    this.status = status;
    this.title = title;
  }

  /** The request cannot be meant; the detail names the parameter or field. */
  static Problem badRequest(String detail) {
    return new Problem(400, "Bad request", detail);
  }

  static Problem notFound(String detail) {
    return new Problem(404, "Not found", detail);
  }

  /**
   * It would be answered a little later: a partition is on its way from one instance to another.
   */
  static Problem unavailable(String detail) {
    return new Problem(503, "Not available now", detail);
  }

  int status() {
    return status;
  }

  /** The body of the response. */
  ObjectNode document(String path) {
    return Json.object()
        .put("type", "about:blank")
        .put("title", title)
        .put("status", status)
        .put("detail", getMessage())
        .put("instance", path);
  }
}
