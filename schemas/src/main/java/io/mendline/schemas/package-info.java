/** The contract: records that enter or leave Mendline, generated from Avro. */
package io.mendline.schemas;
