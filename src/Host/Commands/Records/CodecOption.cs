using System.CommandLine;
using Moldau.Protocol.Compression;

namespace Moldau.Host.Commands.Records;

/// <summary>The <c>--codec</c> of verbs that write.</summary>
internal static class CodecOption
{
    public static Option<CompressionType> Create() => new("--codec")
    {
        Description = "How batches are compressed; none where nothing is said",
        HelpName = "none|gzip|snappy|lz4|zstd",
        CustomParser = argument =>
        {
            var given = argument.Tokens[0].Value;
            if (Enum.TryParse<CompressionType>(given, ignoreCase: true, out var codec) && Enum.IsDefined(codec)) return codec;
            argument.AddError($"--codec takes none, gzip, snappy, lz4 or zstd, not '{given}'");
            return default;
        },
    };
}
