using System.Text;
using Moldau.Compatibility.Codecs;
using Moldau.Compatibility.Records;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>
/// kcat takes keys and values between delimiters, gives all records of a run the same headers, and writes what is empty
/// either as empty or as null. Its topic is made because it asks for it.
/// </summary>
internal sealed class KcatProducer(int records) : MatrixProducer("kcat", records)
{
    private const byte RecordEnd = 0x1e;
    private const byte KeyEnd = 0x1f;

    public override bool TakesPresentTime => true;

    public override MatrixRecord Shape(MatrixRecord record, string codec)
    {
        var (key, value) = (Shape(record.Key, codec), Shape(record.Value ?? [], codec));
        return record with
        {
            // A line without anything would be no record.
            Key = key is null && value is null or { Length: 0 } ? [(byte)'k'] : key,
            Value = value,
            Headers = [new("codec", Encoding.ASCII.GetBytes(codec)), new("twice", []), new("twice", "é"u8.ToArray())],
        };
    }

    public override async Task WriteAsync(string address, IReadOnlyList<(string Codec, IReadOnlyList<MatrixRecord> Records)> parts)
    {
        var file = Path.GetTempFileName();
        try
        {
            foreach (var (codec, part) in parts)
            {
                await File.WriteAllBytesAsync(file, Input(part));
                string[] nulls = IsEmptyNull(codec) ? ["-Z"] : [];
                await CommandLineTool.FilterAsync(
                    "kcat",
                    ["-P", "-b", address, "-t", Topic, "-p", "0", "-D", "\\x1e", "-K", "\\x1f", "-z", codec, "-H", $"codec={codec}", "-H", "twice=", "-H", "twice=é", .. nulls, "-l", file], []);
            }
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static bool IsEmptyNull(string codec) => codec is "gzip" or "lz4";

    private static byte[]? Shape(byte[]? bytes, string codec)
    {
        if (bytes is null || (bytes.Length == 0 && IsEmptyNull(codec))) return null;
        return [.. bytes.Select(static one => one is RecordEnd or KeyEnd ? (byte)'.' : one)];
    }

    private static byte[] Input(IReadOnlyList<MatrixRecord> records)
    {
        using var input = new MemoryStream();
        foreach (var record in records)
        {
            if (record.Key is { } key)
            {
                input.Write(key);
                input.WriteByte(KeyEnd);
            }

            input.Write(record.Value);
            input.WriteByte(RecordEnd);
        }

        return input.ToArray();
    }
}
