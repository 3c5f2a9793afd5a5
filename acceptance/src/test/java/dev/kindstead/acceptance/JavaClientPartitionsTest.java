package dev.kindstead.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.cloud.datastore.Datastore;
import com.google.cloud.datastore.Entity;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.KeyQuery;
import com.google.cloud.datastore.Query;
import com.google.common.collect.ImmutableList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The same key in another project, database or namespace is another entity. */
@Tag("shared")
@ExtendWith(SharedServer.class)
class JavaClientPartitionsTest {
  private static final KeyQuery ALL = Query.newKeyQueryBuilder().setKind("Note").build();

  private final Endpoint server;
  private final String project = Projects.fresh();

  JavaClientPartitionsTest(Endpoint server) {
    this.server = server;
  }

  @Test
  void projectsDatabasesAndNamespacesDoNotSeeEachOther() {
    List<Datastore> places =
        List.of(
            JavaClient.of(server, project),
            JavaClient.of(server, project, "", "tenant"),
            JavaClient.of(server, project, "second", ""),
            JavaClient.of(server, project, "second", "tenant"),
            JavaClient.of(server, Projects.fresh()));
    for (int i = 0; i < places.size(); i++) {
      places.get(i).put(Entity.newBuilder(key(places.get(i))).set("place", i).build());
    }

    for (int i = 0; i < places.size(); i++) {
      Datastore place = places.get(i);
      assertThat(place.get(key(place)).getLong("place")).isEqualTo(i);
      assertThat(ImmutableList.copyOf(place.run(ALL))).containsExactly(key(place));
    }
  }

  @Test
  void aKeyComesBackWithItsDatabaseAndNamespace() {
    Datastore place = JavaClient.of(server, project, "second", "tenant");
    place.put(Entity.newBuilder(key(place)).set("friend", key(place)).build());

    Entity found = place.get(key(place));

    assertThat(found.getKey().getDatabaseId()).isEqualTo("second");
    assertThat(found.getKey().getNamespace()).isEqualTo("tenant");
    assertThat(found.getKey("friend")).isEqualTo(found.getKey());
  }

  private static Key key(Datastore place) {
    return place.newKeyFactory().setKind("Note").newKey("same");
  }
}
