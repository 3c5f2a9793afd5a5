package dev.kindstead.protocol;

import com.google.datastore.v1.Entity;
import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.LookupResponse;
import com.google.protobuf.CodedOutputStream;
import dev.kindstead.model.Key;
import dev.kindstead.service.Lookup;
import dev.kindstead.storage.EntityRow;
import dev.kindstead.transaction.TransactionId;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A LookupResponse: found entities from their stored bytes, and the rest as a message. */
final class LookupAnswer implements Answer {
  private final List<Lookup.Found> found;
  private final LookupResponse rest;
  private final @Nullable TransactionId begun;

  LookupAnswer(Lookup.Response response) {
    this.found = response.found();
    this.begun = response.newTransaction();
    var message = LookupResponse.newBuilder().setReadTime(Times.timestamp(response.readTime()));
    for (Key key : response.missing()) {
      message.addMissing(
          EntityResult.newBuilder()
              .setEntity(Entity.newBuilder().setKey(MessageWriter.key(key)))
              .setVersion(response.readTime()));
    }
    for (Key key : response.deferred()) {
      message.addDeferred(MessageWriter.key(key));
    }
    if (begun != null) {
      message.setTransaction(MessageWriter.bytes(begun.bytes()));
    }
    this.rest = message.build();
  }

  @Override
  public @Nullable TransactionId begun() {
    return begun;
  }

  @Override
  public int size() {
    int size = rest.getSerializedSize();
    for (Lookup.Found each : found) {
      EntityRow row = each.row();
      size +=
          EntityResultWire.size(
              LookupResponse.FOUND_FIELD_NUMBER,
              row.entity(),
              row.updateTime(),
              row.createTime(),
              row.updateTime());
    }
    return size;
  }

  @Override
  public void writeTo(CodedOutputStream out) throws IOException {
    for (Lookup.Found each : found) {
      EntityRow row = each.row();
      EntityResultWire.write(
          out,
          LookupResponse.FOUND_FIELD_NUMBER,
          row.entity(),
          row.updateTime(),
          row.createTime(),
          row.updateTime());
    }
    rest.writeTo(out);
  }
}
