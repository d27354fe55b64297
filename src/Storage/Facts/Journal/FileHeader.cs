using System.Buffers.Binary;
using Moldau.Protocol.Checksums;

namespace Moldau.Storage.Facts.Journal;

/// <summary>
/// The first bytes of a store's file: name of the format, its number, the file's salt, and the checksum of these. They
/// stand where they stand in every format to come, so that damage is never taken for a newer format.
/// <para>The salt goes into every frame's checksum. A value that holds the bytes of a frame, put there by whoever may set a
/// configuration, is thereby never a sound frame of the file.</para>
/// </summary>
internal static class FileHeader
{
    public const int Length = 24;
    public const int Format = 1;

    private const int FormatAt = 8;
    private const int SaltAt = 12;
    private const int ChecksumAt = 20;

    private static ReadOnlySpan<byte> Name => "MOLDAUFS"u8;

    public static byte[] Build(long salt, int format = Format)
    {
        var header = new byte[Length];
        Name.CopyTo(header);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(FormatAt), format);
        BinaryPrimitives.WriteInt64BigEndian(header.AsSpan(SaltAt), salt);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(ChecksumAt), Crc32C.Compute(header.AsSpan(0, ChecksumAt)));
        return header;
    }

    /// <summary>What the checksums of the file's frames begin with.</summary>
    public static uint SeedOf(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt32BigEndian(header[ChecksumAt..]);

    public static void EnsureReadable(ReadOnlySpan<byte> file, string path)
    {
        if (file.Length < Length) throw Damaged(path, $"the file has {file.Length} bytes, its header alone has {Length}");
        if (!file.StartsWith(Name)) throw Damaged(path, $"the file does not begin with {System.Text.Encoding.ASCII.GetString(Name)}");
        var told = SeedOf(file);
        var found = Crc32C.Compute(file[..ChecksumAt]);
        if (told != found) throw Damaged(path, $"the header's checksum is {told:x8}, its bytes have {found:x8}");
        var format = BinaryPrimitives.ReadInt32BigEndian(file[FormatAt..]);
        if (format > Format)
        {
            throw new FactFileException(FactFileFault.NewerFormat, path, FormatAt,
                $"the file has format {format}, this build reads up to {Format}: use the build that wrote it, or a later one");
        }

        if (format < Format) throw Damaged(path, $"the file has format {format}, which never was");
    }

    private static FactFileException Damaged(string path, string what) => new(FactFileFault.Damaged, path, 0, $"{what}: restore the file from a copy");
}
