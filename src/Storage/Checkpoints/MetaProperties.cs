using System.Globalization;
using Moldau.Protocol.Primitives;
using Moldau.Storage.Files;

namespace Moldau.Storage.Checkpoints;

/// <summary>Whose a data folder is. A folder that Kafka has written has no format of ours, and an older one no id of its own.</summary>
public sealed record MetaProperties(string ClusterId, int NodeId, Uuid? DirectoryId, int? Format)
{
    public const string FileName = "meta.properties";

    /// <summary>What this build writes. Whether a greater one may be opened is for the one who opens the folder to say.</summary>
    public const int CurrentFormat = 1;

    private const string Version = "1";
    private const string VersionKey = "version";
    private const string ClusterKey = "cluster.id";
    private const string NodeKey = "node.id";
    private const string DirectoryKey = "directory.id";
    private const string FormatKey = "moldau.format";
    private const string Advice = "restore the file from a copy; without it nobody can tell whose this folder is";

    /// <returns>Null where there is no file.</returns>
    public static MetaProperties? Read(IFileSystem disk, string path) =>
        new AtomicFile(disk, path).Read() is { } bytes ? Parse(bytes, path) : null;

    public void Write(IFileSystem disk, string path) => new AtomicFile(disk, path).Replace(ToBytes());

    public static MetaProperties Parse(ReadOnlySpan<byte> bytes, string path)
    {
        var properties = JavaProperties.Parse(bytes, path);
        var version = Required(properties, VersionKey, path);
        if (version.Value != Version)
        {
            throw DamagedFileException.AtLine(
                path, version.Line, VersionKey + "=" + Version, version.Value, "version 0 was Kafka's with ZooKeeper: migrate such a folder with Kafka first");
        }

        var cluster = Required(properties, ClusterKey, path);
        if (string.IsNullOrWhiteSpace(cluster.Value)) throw DamagedFileException.AtLine(path, cluster.Line, "a cluster's id", cluster.Value, Advice);
        var node = Number(Required(properties, NodeKey, path), "a node's id", path);
        Uuid? directory = null;
        if (properties.TryGetValue(DirectoryKey, out var given))
        {
            if (!Uuid.TryParse(given.Value, out var id) || id.IsZero) throw DamagedFileException.AtLine(path, given.Line, "a directory's id", given.Value, Advice);
            directory = id;
        }

        int? format = properties.TryGetValue(FormatKey, out var ours) ? Number(ours, "a format's number", path) : null;
        return new MetaProperties(cluster.Value, node, directory, format);
    }

    public byte[] ToBytes()
    {
        var properties = new List<KeyValuePair<string, string>> { new(VersionKey, Version), new(ClusterKey, ClusterId), new(NodeKey, Text(NodeId)) };
        if (DirectoryId is { } directory) properties.Add(new(DirectoryKey, directory.ToString()));
        if (Format is { } format) properties.Add(new(FormatKey, Text(format)));
        return JavaProperties.Format(properties);
    }

    private static JavaProperties.Setting Required(Dictionary<string, JavaProperties.Setting> properties, string key, string path) =>
        properties.TryGetValue(key, out var setting)
            ? setting
            : throw DamagedFileException.AtLine(path, 1, $"a line with {key}", "none in the whole file", Advice);

    private static int Number(JavaProperties.Setting setting, string what, string path) =>
        WholeNumber.TryParse(setting.Value, out int value)
            ? value
            : throw DamagedFileException.AtLine(path, setting.Line, what, setting.Value, Advice);

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
