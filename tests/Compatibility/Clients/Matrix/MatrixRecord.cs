using System.Globalization;
using System.Text;
using Moldau.Compatibility.Records;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>A record as every client may write and read it.</summary>
internal sealed record MatrixRecord(long Timestamp, byte[]? Key, byte[]? Value, IReadOnlyList<SampleHeader> Headers)
{
    /// <summary>As the programs of other languages take it: bytes in base64, '!' for null.</summary>
    public string Line => string.Create(
        CultureInfo.InvariantCulture,
        $"{Timestamp};{Text(Key)};{Text(Value)};{string.Join(',', Headers.Select(static header => Text(Encoding.UTF8.GetBytes(header.Key)) + ":" + Text(header.Value)))}");

    /// <summary>As these programs tell what they read: each line behind the record's offset.</summary>
    public static byte[] Lines(IEnumerable<MatrixRecord> records) =>
        Encoding.ASCII.GetBytes(string.Concat(records.Select(static (record, offset) => string.Create(CultureInfo.InvariantCulture, $"{offset};{record.Line}\n"))));

    private static string Text(byte[]? bytes) => bytes is null ? "!" : Convert.ToBase64String(bytes);
}
