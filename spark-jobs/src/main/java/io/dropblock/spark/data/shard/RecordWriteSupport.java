package io.dropblock.spark.data.shard;

import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.parquet.hadoop.api.WriteSupport;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;

/** Hands records to Parquet column by column. */
final class RecordWriteSupport extends WriteSupport<ImageRecord> {
  private RecordConsumer consumer;

  @Override
  public WriteContext init(Configuration configuration) {
    return new WriteContext(ShardSchema.SCHEMA, Map.of());
  }

  @Override
  public void prepareForWrite(RecordConsumer recordConsumer) {
    this.consumer = recordConsumer;
  }

  @Override
  public void write(ImageRecord record) {
    consumer.startMessage();
    consumer.startField(ShardSchema.IMAGE, 0);
    consumer.addBinary(Binary.fromConstantByteArray(record.bytes()));
    consumer.endField(ShardSchema.IMAGE, 0);
    consumer.startField(ShardSchema.LABEL, 1);
    consumer.addInteger(record.label());
    consumer.endField(ShardSchema.LABEL, 1);
    consumer.startField(ShardSchema.NAME, 2);
    consumer.addBinary(Binary.fromString(record.name()));
    consumer.endField(ShardSchema.NAME, 2);
    consumer.endMessage();
  }
}
