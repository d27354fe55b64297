using System.Buffers.Binary;
using System.Text;

namespace Moldau.Compatibility.PowerLoss;

/// <summary>What the preloaded library wrote down, in order. A record that is not whole is the one the kill cut short: its call was not made.</summary>
internal static class JournalFile
{
    private const int HeaderSize = 48;

    public static List<JournalRecord> Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        var records = new List<JournalRecord>();
        var position = 0L;
        while (bytes.Length - position >= HeaderSize)
        {
            var header = bytes.AsSpan((int)position, HeaderSize);
            var pathLength = BinaryPrimitives.ReadInt32LittleEndian(header[32..]);
            var otherLength = BinaryPrimitives.ReadInt32LittleEndian(header[36..]);
            var dataLength = BinaryPrimitives.ReadInt64LittleEndian(header[40..]);
            var body = (int)position + HeaderSize;
            if (bytes.Length - body < pathLength + otherLength + dataLength) break;
            var flags = BinaryPrimitives.ReadInt32LittleEndian(header[4..]);
            records.Add(new JournalRecord(
                (JournalKind)BinaryPrimitives.ReadInt32LittleEndian(header),
                IsFirstFlag: (flags & 1) != 0,
                IsSecondFlag: (flags & 2) != 0,
                BinaryPrimitives.ReadUInt64LittleEndian(header[8..]),
                BinaryPrimitives.ReadUInt64LittleEndian(header[16..]),
                BinaryPrimitives.ReadInt64LittleEndian(header[24..]),
                Encoding.UTF8.GetString(bytes, body, pathLength),
                Encoding.UTF8.GetString(bytes, body + pathLength, otherLength),
                bytes.AsMemory(body + pathLength + otherLength, (int)dataLength)));
            position = body + pathLength + otherLength + dataLength;
        }

        return records;
    }
}
