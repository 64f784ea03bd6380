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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Fills the {@link PolicyBook} from the {@code policies-valid} topic. */
public final class PolicyProcessor implements Processor<byte[], byte[], Void, Void> {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyProcessor.class);

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
    if (record.key() == null) {
      LOG.error("a policy without a key is left out");
      return;
    }
    store.put(Bytes.wrap(record.key()), record.value());
    take(record.key(), record.value());
  }

  private void take(byte[] key, byte[] value) {
    if (value == null) {
      policies.remove(new String(key, StandardCharsets.UTF_8));
      return;
    }
    List<PolicyDocument> versions;
    try {
      versions = PipelineSerdes.policies(value);
    } catch (RuntimeException e) {
      // Only this service writes this topic, so somebody else did. What held before goes on
      // holding,
      // and a global table has nowhere to send a dead letter to.
      LOG.error("a policy that cannot be read is left out: {}", e.getMessage());
      return;
    }
    versions.forEach(policies::put);
  }
}
