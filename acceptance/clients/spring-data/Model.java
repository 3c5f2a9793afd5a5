package dev.kindstead.acceptance;

import com.google.cloud.Timestamp;
import com.google.cloud.datastore.Key;
import com.google.cloud.datastore.LatLng;
import com.google.cloud.spring.data.datastore.core.mapping.Descendants;
import com.google.cloud.spring.data.datastore.core.mapping.Entity;
import com.google.cloud.spring.data.datastore.core.mapping.Field;
import com.google.cloud.spring.data.datastore.core.mapping.Unindexed;
import com.google.cloud.spring.data.datastore.repository.DatastoreRepository;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Reference;
import org.springframework.data.domain.Page;
import org.springframework.data.domain.Pageable;
import org.springframework.data.domain.Slice;
import org.springframework.data.repository.query.Param;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/** What the sample keeps, and its repositories. */
final class Model {
  public enum Colour {
    RED,
    GREEN
  }

  @Entity
  public static class Address {
    public String city;
    @Unindexed public String street;

    public Address() {}

    Address(String city, String street) {
      this.city = city;
      this.street = street;
    }
  }

  @Entity(name = "SdPublisher")
  public static class Publisher {
    @Id public String name;
    public String town;

    public Publisher() {}

    Publisher(String name, String town) {
      this.name = name;
      this.town = town;
    }
  }

  @Entity(name = "SdReview")
  public static class Review {
    @Id public Key key;
    public int stars;

    public Review() {}

    Review(int stars) {
      this.stars = stars;
    }
  }

  @Entity(name = "SdBook")
  public static class Book {
    @Id public Long id;
    public String title;
    public String author;

    @Field(name = "published_year")
    public Integer year;

    public Double price;
    public Boolean sold;
    public Colour colour;
    public List<String> tags;
    public Address shop;
    public List<Address> depots;
    public Map<String, Long> counts;
    @Unindexed public String text;
    public Timestamp at;
    public LatLng place;
    @Reference public Publisher publisher;
    @Descendants public List<Review> reviews;

    public Book() {}

    Book(String title, String author, Integer year) {
      this.title = title;
      this.author = author;
      this.year = year;
    }
  }

  public interface Titled {
    String getTitle();
  }

  public interface Publishers extends DatastoreRepository<Publisher, String> {}

  public interface Books extends DatastoreRepository<Book, Long> {
    List<Book> findByAuthor(String author);

    List<Book> findByAuthorAndYearGreaterThanEqualOrderByYearDesc(String author, int year);

    List<Book> findByYearGreaterThanAndYearLessThanOrderByYear(int above, int below);

    List<Book> findByColourAndSold(Colour colour, boolean sold);

    Optional<Book> findFirstByTitle(String title);

    List<Book> findTop3ByOrderByYearDesc();

    long countByAuthor(String author);

    boolean existsByTitle(String title);

    long deleteByAuthor(String author);

    Slice<Book> findByYearGreaterThan(int year, Pageable page);

    Page<Book> findByAuthorOrderByYear(String author, Pageable page);

    List<Titled> findByYear(int year);

    @com.google.cloud.spring.data.datastore.repository.query.Query(
        "select * from SdBook where published_year > @year and author = @author order by"
            + " published_year")
    List<Book> written(@Param("author") String author, @Param("year") long year);

    @com.google.cloud.spring.data.datastore.repository.query.Query(
        "select * from |dev.kindstead.acceptance.Model$Book| where author = :#{#author} order by"
            + " published_year desc limit 2")
    List<Book> latest(@Param("author") String author);

    @com.google.cloud.spring.data.datastore.repository.query.Query(
        "select * from SdBook where tags = @tag and shop.city = @city")
    List<Book> taggedAt(@Param("tag") String tag, @Param("city") String city);

    @com.google.cloud.spring.data.datastore.repository.query.Query(
        "select * from SdBook where title in @titles")
    List<Book> titled(@Param("titles") List<String> titles);

    @com.google.cloud.spring.data.datastore.repository.query.Query(
        value = "select __key__ from SdBook where published_year in array(2001, 2003)",
        count = true)
    long countSome();

    @com.google.cloud.spring.data.datastore.repository.query.Query(
        "select * from SdBook where published_year > @year order by published_year")
    Slice<Book> sliced(@Param("year") long year, Pageable page);
  }

  @Service
  public static class Shop {
    @Autowired Books books;

    @Transactional
    public void raise(long id, double by, boolean fail) {
      Book book = books.findById(id).orElseThrow();
      book.price += by;
      books.save(book);
      if (fail) throw new IllegalStateException("undo");
    }

    @Transactional(readOnly = true)
    public String read(long id) {
      return books.findById(id).orElseThrow().title;
    }

    @Transactional(readOnly = true)
    public void writeInReadOnly() {
      books.save(new Book("never", "x", 1));
    }
  }
}
