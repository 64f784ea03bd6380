/**
 * The contract: every record that leaves or enters Mendline through a public topic, generated from
 * {@code src/main/avro/mendline.avdl}, which says what each record, field and symbol means, in what
 * unit, and when it is null.
 *
 * <p>A record is made by its builder ({@code Finding.newBuilder()}), which refuses to build while a
 * field without a default is missing, and is not changed afterwards: it has no setters. Getters
 * return null only where the contract says so; arrays and maps are never null. Instants have
 * milliseconds: what is finer is cut off, at once in most fields, but in fields that may be null
 * only when the record is written.
 *
 * <p>Fields and symbols may be added, none is removed, renamed or given another type. A symbol that
 * a reader does not know yet reads as {@code UNKNOWN}, which no producer writes on purpose; whoever
 * switches over an enum treats it as the most careful case. The build holds the contract against
 * the schemas in {@code src/baseline}.
 */
package io.mendline.schemas;
