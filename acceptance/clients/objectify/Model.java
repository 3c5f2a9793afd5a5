package dev.kindstead.acceptance;

import com.google.cloud.datastore.LatLng;
import com.googlecode.objectify.Key;
import com.googlecode.objectify.Ref;
import com.googlecode.objectify.annotation.Entity;
import com.googlecode.objectify.annotation.Id;
import com.googlecode.objectify.annotation.Ignore;
import com.googlecode.objectify.annotation.Index;
import com.googlecode.objectify.annotation.Load;
import com.googlecode.objectify.annotation.OnLoad;
import com.googlecode.objectify.annotation.OnSave;
import com.googlecode.objectify.annotation.Parent;
import com.googlecode.objectify.annotation.Unindex;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the sample keeps. */
final class Model {
  public enum Colour {
    RED,
    GREEN
  }

  public static class Address {
    @Index String city;
    @Unindex String street;

    Address() {}

    Address(String city, String street) {
      this.city = city;
      this.street = street;
    }
  }

  @Entity(name = "OfyTeam")
  public static class Team {
    @Id String name;
    @Index String town;

    Team() {}

    Team(String name, String town) {
      this.name = name;
      this.town = town;
    }
  }

  @Entity(name = "OfyPerson")
  @Index
  public static class Person {
    @Id Long id;
    String name;
    int age;
    double score;
    Colour colour;
    List<String> tags = new ArrayList<>();
    Address address;
    List<Address> former = new ArrayList<>();
    Map<String, Integer> counts = new HashMap<>();

    @Load(Loaded.class)
    Ref<Team> team;

    List<Ref<Team>> fans = new ArrayList<>();
    @Unindex String biography;
    @Unindex byte[] picture;
    LatLng place;
    Instant born;
    @Ignore String passing = "ignored";
    boolean saved;

    Person() {}

    Person(String name, int age, String... tags) {
      this.name = name;
      this.age = age;
      this.tags.addAll(List.of(tags));
    }

    @OnSave
    void onSave() {
      saved = true;
    }

    @OnLoad
    void onLoad() {
      passing = "loaded " + name;
    }

    static class Loaded {}
  }

  @Entity(name = "OfyPost")
  public static class Post {
    @Parent Key<Person> author;
    @Id Long id;
    @Index String title;
    @Index int likes;

    Post() {}

    Post(Key<Person> author, String title, int likes) {
      this.author = author;
      this.title = title;
      this.likes = likes;
    }
  }
}
