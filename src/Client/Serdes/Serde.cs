using System.Buffers;
using System.Text.Json.Serialization.Metadata;

namespace Moldau.Client.Serdes;

/// <summary>The serdes that need nothing: as Kafka's own clients write these types, numbers with the highest byte first.</summary>
public static class Serde
{
    public static ISerde<string> Text { get; } = new TextSerde();

    /// <summary>The bytes as they are. What is read is a copy.</summary>
    public static ISerde<byte[]> Bytes { get; } = new BytesSerde();

    /// <summary>The bytes as they are. What is read is a copy.</summary>
    public static ISerde<ReadOnlyMemory<byte>> Memory { get; } = new MemorySerde();

    public static ISerde<int> Int32 { get; } = new NumberSerde<int>(sizeof(int));

    public static ISerde<long> Int64 { get; } = new NumberSerde<long>(sizeof(long));

    public static ISerde<short> Int16 { get; } = new NumberSerde<short>(sizeof(short));

    public static ISerde<float> Single { get; } = new SingleSerde();

    public static ISerde<double> Double { get; } = new DoubleSerde();

    /// <summary>As text of 36 characters, as Java's.</summary>
    public static ISerde<Guid> Guid { get; } = new GuidSerde();

    /// <summary>For what has no keys or no values: writes nothing, and refuses to read anything.</summary>
    public static ISerde<None> None { get; } = new NoneSerde();

    /// <summary>JSON in UTF-8, by a generated <see cref="JsonTypeInfo{T}"/>: no reflection, so it can be trimmed and compiled ahead.</summary>
    public static ISerde<T> Json<T>(JsonTypeInfo<T> type) => new JsonSerde<T>(type);

    /// <summary>The serde of a type that has one here.</summary>
    /// <exception cref="ArgumentException">It has none; one has to be given.</exception>
    public static ISerde<T> For<T>()
    {
        object? found = null;
        if (typeof(T) == typeof(string)) found = Text;
        else if (typeof(T) == typeof(byte[])) found = Bytes;
        else if (typeof(T) == typeof(ReadOnlyMemory<byte>)) found = Memory;
        else if (typeof(T) == typeof(int)) found = Int32;
        else if (typeof(T) == typeof(long)) found = Int64;
        else if (typeof(T) == typeof(short)) found = Int16;
        else if (typeof(T) == typeof(float)) found = Single;
        else if (typeof(T) == typeof(double)) found = Double;
        else if (typeof(T) == typeof(Guid)) found = Guid;
        else if (typeof(T) == typeof(None)) found = None;
        return found as ISerde<T> ?? throw new ArgumentException(
            $"there is no serde for {typeof(T)}; give one, such as Serde.Json(YourJsonContext.Default.{typeof(T).Name})");
    }
}
