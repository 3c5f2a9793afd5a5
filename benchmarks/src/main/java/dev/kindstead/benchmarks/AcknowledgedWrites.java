package dev.kindstead.benchmarks;

import com.google.datastore.v1.EntityResult;
import com.google.datastore.v1.Key;
import com.google.datastore.v1.LookupRequest;
import com.google.datastore.v1.LookupResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.IntStream;

/** Looks up what was acknowledged. Immutable. */
final class AcknowledgedWrites {
  private static final int BATCH = 200;
  private static final int OK = 200;

  private final DatastoreOverHttp datastore;
  private final Dataset data;

  AcknowledgedWrites(DatastoreOverHttp datastore, Dataset data) {
    this.datastore = datastore;
    this.data = data;
  }

  /** Whether all are; says how many are not. */
  boolean areThere(List<FailoverWriter> writers, int port) {
    long acknowledged = 0;
    long found = 0;
    long repeated = 0;
    for (FailoverWriter writer : writers) {
      acknowledged += writer.acknowledged();
      repeated += writer.repeated();
      int end = writer.first() + writer.acknowledged();
      for (int first = writer.first(); first < end; first += BATCH) {
        found += found(port, first, Math.min(BATCH, end - first));
      }
    }
    System.out.printf(
        "%,d writes acknowledged, %,d found, %,d missing; %,d attempts were repeated.%n",
        acknowledged, found, acknowledged - found, repeated);
    return acknowledged == found;
  }

  private long found(int port, int first, int count) {
    List<Key> keys = IntStream.range(first, first + count).mapToObj(data::key).toList();
    long found = 0;
    try {
      while (!keys.isEmpty()) {
        LookupRequest request =
            LookupRequest.newBuilder().setProjectId(data.project()).addAllKeys(keys).build();
        HttpResponse<byte[]> answer = datastore.call(port, "lookup", request.toByteArray());
        if (answer.statusCode() != OK) {
          throw new IOException("status " + answer.statusCode());
        }
        LookupResponse response = LookupResponse.parseFrom(answer.body());
        found += response.getFoundList().stream().filter(this::isAsWritten).count();
        keys = response.getDeferredList();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return found;
  }

  private boolean isAsWritten(EntityResult result) {
    long rank = result.getEntity().getPropertiesOrThrow(Dataset.RANK).getIntegerValue();
    return result.getEntity().getKey().getPath(0).getName().equals(data.name((int) rank));
  }
}
