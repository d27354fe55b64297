using System.Buffers;
using System.Text;
using System.Text.Json;
using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>
/// Says that a disk's logs were closed in order, and in which broker epoch. One that cannot be read proves nothing: whoever
/// opens the logs takes the stop for an unclean one.
/// </summary>
public sealed class CleanShutdownMarker(IFileSystem disk, string path)
{
    public const string FileName = ".kafka_cleanshutdown";

    private const string VersionKey = "version";
    private const string EpochKey = "brokerEpoch";
    private const int Version = 0;
    private const string Advice = "remove the file: the logs are then recovered";

    private readonly AtomicFile _file = new(disk, path);

    /// <returns>The broker's epoch; null where there is no marker.</returns>
    public long? Read() => _file.Read() is { } bytes ? Parse(bytes, _file.Path) : null;

    /// <summary>The last thing a clean stop does.</summary>
    public void Write(long brokerEpoch) => _file.Replace(Format(brokerEpoch));

    /// <summary>The first thing a start does: a crash from here on must not find it.</summary>
    public void Delete() => _file.Delete();

    public static long Parse(ReadOnlySpan<byte> bytes, string path)
    {
        long? version = null;
        long? epoch = null;
        var reader = new Utf8JsonReader(bytes);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) throw Damaged(path, reader.TokenStartIndex, "{", bytes);
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isVersion = reader.ValueTextEquals(VersionKey);
                var isEpoch = reader.ValueTextEquals(EpochKey);
                reader.Read();
                if (!isVersion && !isEpoch)
                {
                    reader.Skip();
                    continue;
                }

                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out var number))
                    throw Damaged(path, reader.TokenStartIndex, "a whole number", bytes);
                if (isVersion) version = number;
                else epoch = number;
            }

            // The reader refuses what stands behind the object.
            reader.Read();
        }
        catch (JsonException)
        {
            throw Damaged(path, reader.BytesConsumed, "JSON", bytes);
        }

        if (version != Version) throw Damaged(path, 0, $"\"{VersionKey}\":{Version}", bytes);
        return epoch ?? throw Damaged(path, 0, $"\"{EpochKey}\"", bytes);
    }

    public static byte[] Format(long brokerEpoch)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteNumber(VersionKey, Version);
            writer.WriteNumber(EpochKey, brokerEpoch);
            writer.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }

    private static DamagedFileException Damaged(string path, long position, string expected, ReadOnlySpan<byte> bytes)
    {
        var found = Encoding.Latin1.GetString(bytes[..Math.Min(bytes.Length, 80)]);
        return DamagedFileException.AtByte(path, position, expected, $"'{found}'", Advice);
    }
}
