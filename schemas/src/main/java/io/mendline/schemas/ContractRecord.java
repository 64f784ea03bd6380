package io.mendline.schemas;

import org.apache.avro.specific.SpecificRecordBase;
import org.apache.avro.util.ClassSecurityValidator;

/**
 * What every generated record extends, for one reason: to tell Avro that the contract's classes may
 * be made from a schema.
 *
 * <p>From 1.12.2 on Avro makes no class that it was not told to trust, lest a schema from outside
 * name one that does harm when it is made; and it takes an application's own generated classes for
 * such. Its answer is a system property that each JVM would have to be started with. Here the first
 * use of any record says so instead: for this package alone, and on top of whatever else is trusted
 * by then. Whoever replaces Avro's global predicate later has to keep the one they find.
 */
public abstract class ContractRecord extends SpecificRecordBase {

  static {
    var contract = ContractRecord.class.getPackageName();
    ClassSecurityValidator.setGlobal(
        ClassSecurityValidator.composite(
            ClassSecurityValidator.getGlobal(), type -> type.getPackageName().equals(contract)));
  }

  /** For the generated records. */
  protected ContractRecord() {}
}
