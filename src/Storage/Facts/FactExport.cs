using System.Buffers.Binary;
using Moldau.Protocol.Checksums;
using Moldau.Storage.Facts.Journal;

namespace Moldau.Storage.Facts;

/// <summary>
/// All keys as of one revision, in order, to be taken elsewhere: into another folder, or into etcd. The last four bytes are
/// the checksum of the others: a stream that ends early or was damaged on its way is refused before anything is used.
/// </summary>
public sealed class FactExport
{
    private const int Format = 1;
    private const int ChecksumLength = 4;

    private FactExport(long revision, IReadOnlyList<FactEntry> entries)
    {
        Revision = revision;
        Entries = entries;
    }

    public long Revision { get; }

    /// <summary>In key order.</summary>
    public IReadOnlyList<FactEntry> Entries { get; }

    private static ReadOnlySpan<byte> Name => "MOLDAUFX"u8;

    public static void Write(FactView view, Stream to)
    {
        ArgumentNullException.ThrowIfNull(view);
        Write(view.Revision, view.List(""), to);
    }

    /// <summary>Entries of any store that has revisions; in key order.</summary>
    public static void Write(long revision, IReadOnlyList<FactEntry> entries, Stream to)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(to);
        var bytes = new ByteWriter();
        bytes.Raw(Name);
        bytes.Int32(Format);
        bytes.Int64(revision);
        bytes.Int32(entries.Count);
        foreach (var entry in entries) bytes.Entry(entry);
        bytes.Int32((int)Crc32C.Compute(bytes.Written));
        to.Write(bytes.Written);
    }

    /// <exception cref="FactFileException">It is not an export, is damaged, or of a newer format.</exception>
    public static FactExport Read(Stream from, string name)
    {
        ArgumentNullException.ThrowIfNull(from);
        using var copy = new MemoryStream();
        from.CopyTo(copy);
        var bytes = copy.GetBuffer().AsSpan(0, (int)copy.Length);
        if (bytes.Length < Name.Length + ChecksumLength || !bytes.StartsWith(Name))
            throw Damaged(name, 0, $"the {bytes.Length} bytes do not begin with {System.Text.Encoding.ASCII.GetString(Name)}");
        var content = bytes[..^ChecksumLength];
        var told = BinaryPrimitives.ReadUInt32BigEndian(bytes[content.Length..]);
        var found = Crc32C.Compute(content);
        if (told != found) throw Damaged(name, content.Length, $"the checksum is {told:x8}, the bytes have {found:x8}");
        try
        {
            return Read(content[Name.Length..], name);
        }
        catch (FormatException fault)
        {
            throw Damaged(name, Name.Length, fault.Message);
        }
    }

    private static FactExport Read(ReadOnlySpan<byte> content, string name)
    {
        var reader = new ByteReader(content);
        var format = reader.Int32();
        if (format > Format)
        {
            throw new FactFileException(FactFileFault.NewerFormat, name, Name.Length,
                $"the export has format {format}, this build reads up to {Format}: use the build that wrote it, or a later one");
        }

        var revision = reader.Int64();
        var count = reader.Int32();
        var entries = new List<FactEntry>();
        for (var i = 0; i < count; i++)
        {
            var entry = reader.Entry();
            if (i > 0 && FactKeyOrder.Instance.Compare(entries[^1].Key, entry.Key) >= 0)
                throw new FormatException($"the key '{entry.Key}' stands behind '{entries[^1].Key}'");
            entries.Add(entry);
        }

        return reader.IsAtEnd ? new FactExport(revision, entries) : throw new FormatException($"there is more behind the {count} keys");
    }

    private static FactFileException Damaged(string path, long offset, string what) =>
        new(FactFileFault.Damaged, path, offset, $"{what}: make the export again");
}
