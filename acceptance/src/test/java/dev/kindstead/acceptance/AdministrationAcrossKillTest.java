package dev.kindstead.acceptance;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.datastore.v1.Mutation;
import java.net.http.HttpResponse;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What was set and begun through the admin API is known to the node that serves next. */
@ExtendWith(ClusterOf3.class)
class AdministrationAcrossKillTest {
  private static final int ENTITIES = 6_000;
  private static final int ENTITIES_PER_COMMIT = 500;
  private static final Duration POLL = Duration.ofMillis(50);
  private static final String INDEX =
      """
      {"kind": "Indexed", "properties": [
        {"name": "a", "direction": "ASCENDING"}, {"name": "b", "direction": "DESCENDING"}]}\
      """;

  private final String project = Projects.fresh();
  private final String indexes = "/v1/projects/%s/indexes".formatted(project);
  private final String database = "/v1/projects/%s/databases/(default)".formatted(project);

  @Test
  void anIndexIsBuiltToItsEnd(KindsteadCluster cluster) throws Exception {
    int served = cluster.serving();
    Endpoint through = cluster.endpoint(cluster.others().getFirst());
    try (HttpCalls calls = new HttpCalls(through, project);
        RawHttp http = new RawHttp(through)) {
      for (int from = 0; from < ENTITIES; from += ENTITIES_PER_COMMIT) {
        calls.commit(entities(from));
      }
      String mode = "{\"concurrencyMode\": \"PESSIMISTIC\"}";
      assertOk(http.patch(database + "?updateMask=concurrencyMode", mode));
      assertOk(http.post(indexes, RawHttp.JSON, INDEX.getBytes(UTF_8)));
      cluster.kill(served);

      int states = 0;
      String state = assertOk(http.get(indexes));
      while (!state.contains("READY")) {
        assertThat(state).contains("CREATING");
        states++;
        Pause.of(POLL);
        state = assertOk(http.get(indexes));
      }
      System.out.println("AdministrationAcrossKillTest: seen CREATING " + states + " times");
      String checked = assertOk(http.post(database + ":checkIndexes", RawHttp.JSON, new byte[0]));
      assertThat(checked).containsPattern("\"different\": ?0\\b");
      assertThat(assertOk(http.get(database))).contains("PESSIMISTIC");
    }
  }

  private static Mutation[] entities(int from) {
    Mutation[] some = new Mutation[ENTITIES_PER_COMMIT];
    for (int i = 0; i < some.length; i++) {
      some[i] =
          Raw.upsert(
              Raw.entity(Raw.key("Indexed", "e-" + (from + i)), "a", Raw.value((long) i))
                  .toBuilder()
                  .putProperties("b", Raw.value((long) from))
                  .build());
    }
    return some;
  }

  private static String assertOk(HttpResponse<byte[]> answer) {
    String body = new String(answer.body(), UTF_8);
    assertThat(answer.statusCode()).as(body).isEqualTo(200);
    return body;
  }
}
