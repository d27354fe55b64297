using System.Globalization;
using System.Text;
using Moldau.Compatibility.Codecs;

namespace Moldau.Compatibility.Clients.Matrix;

/// <summary>kcat says how long key and value are, so that null and empty are told apart, and then their bytes.</summary>
internal sealed class KcatReader : MatrixReader
{
    public override async Task<IReadOnlyList<byte[]>> ReadAsync(string address, IReadOnlyList<WrittenTopic> topics)
    {
        var told = new List<byte[]>();
        foreach (var topic in topics)
            told.Add(await CommandLineTool.FilterAsync("kcat", ["-C", "-b", address, "-t", topic.Name, "-p", "0", "-o", "beginning", "-e", "-q", "-X", "check.crcs=true", "-f", "%o;%T;%K;%k;%S;%s;%h\\n"], []));
        return told;
    }

    public override byte[] Expected(IReadOnlyList<MatrixRecord> records)
    {
        using var expected = new MemoryStream();
        for (var offset = 0; offset < records.Count; offset++)
        {
            var record = records[offset];
            Write(expected, string.Create(CultureInfo.InvariantCulture, $"{offset};{record.Timestamp};{record.Key?.Length ?? -1};"));
            expected.Write(record.Key);
            Write(expected, string.Create(CultureInfo.InvariantCulture, $";{record.Value?.Length ?? -1};"));
            expected.Write(record.Value);
            var separator = ";";
            if (record.Headers.Count == 0) Write(expected, separator);
            foreach (var header in record.Headers)
            {
                Write(expected, $"{separator}{header.Key}=");
                // It prints a header's value as text, which ends at a zero.
                expected.Write(header.Value?.TakeWhile(static one => one != 0).ToArray() ?? "NULL"u8.ToArray());
                separator = ",";
            }

            Write(expected, "\n");
        }

        return expected.ToArray();
    }

    private static void Write(MemoryStream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));
}
