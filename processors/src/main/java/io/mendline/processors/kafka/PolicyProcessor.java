package io.mendline.processors.kafka;

import io.mendline.processors.engine.Pipeline;
import io.mendline.processors.policy.PolicyBook;
import io.mendline.processors.policy.PolicyDocument;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueIterator;
import org.apache.kafka.streams.state.KeyValueStore;

/** Fills the {@link PolicyBook} from the {@code policies-valid} topic. */
public final class PolicyProcessor implements Processor<byte[], byte[], Void, Void> {
  private final PolicyBook policies;
  private KeyValueStore<Bytes, byte[]> store;

  /** A processor of the application. */
  public PolicyProcessor(Application application) {
    this.policies = application.policies();
  }

  @Override
  public void init(ProcessorContext<Void, Void> context) {
    store = context.getStateStore(Pipeline.POLICIES);
    try (KeyValueIterator<Bytes, byte[]> all = store.all()) {
      while (all.hasNext()) {
        KeyValue<Bytes, byte[]> next = all.next();
        take(next.key.get(), next.value);
      }
    }
  }

  @Override
  public void process(Record<byte[], byte[]> record) {
    store.put(Bytes.wrap(record.key()), record.value());
    take(record.key(), record.value());
  }

  private void take(byte[] key, byte[] value) {
    if (value == null) {
      policies.remove(new String(key, StandardCharsets.UTF_8));
      return;
    }
    List<PolicyDocument> versions = PipelineSerdes.policies(value);
    versions.forEach(policies::put);
  }
}
