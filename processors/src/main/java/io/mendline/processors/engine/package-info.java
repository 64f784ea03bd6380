/**
 * The pipeline: one description of the engine's line, and the runtime that drives it in-process.
 */
package io.mendline.processors.engine;
