/**
 * Telemetry: a record per fact ({@link io.mendline.serdes.telemetry.TelemetryRecord}), a decoder
 * per source ({@link io.mendline.serdes.telemetry.TelemetryDecoder}), and the compact binary form
 * ({@link io.mendline.serdes.telemetry.TelemetryCodec}). The decoders know every shape in which a
 * source writes its facts; nothing behind them has to.
 */
package io.mendline.serdes.telemetry;
