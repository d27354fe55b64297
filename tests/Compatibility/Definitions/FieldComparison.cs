using System.Globalization;
using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Compatibility.Definitions;

/// <summary>Compares one field that both sides have in one version.</summary>
internal static class FieldComparison
{
    private static readonly Dictionary<WireKind, string> KafkaWords = new()
    {
        [WireKind.Bool] = "boolean",
        [WireKind.Int8] = "int8",
        [WireKind.Int16] = "int16",
        [WireKind.UInt16] = "uint16",
        [WireKind.Int32] = "int32",
        [WireKind.UInt32] = "unsigned_int32",
        [WireKind.Int64] = "int64",
        [WireKind.Float64] = "float64",
        [WireKind.Uuid] = "uuid",
        [WireKind.Error] = "int16",
        [WireKind.String] = "string",
        [WireKind.Bytes] = "bytes",
        [WireKind.Records] = "records",
        [WireKind.Struct] = "struct",
    };

    public static IEnumerable<string> Compare(FieldDefinition ours, FieldFact theirs, short version, bool flexible)
    {
        if (KafkaWords[ours.Type.Kind] != theirs.Type || ours.Type.IsArray != theirs.Array)
        {
            yield return $"ours is {Describe(ours, version)}, Kafka's {theirs.Describe()}";
            yield break;
        }

        if (theirs.Name.EndsWith("ErrorCode", StringComparison.Ordinal) && theirs.Type == "int16" && ours.Type.Kind != WireKind.Error)
            yield return "an error code, which is of type 'error'";
        if (ours.Tag != theirs.Tag) yield return $"ours has {Tag(ours.Tag)}, Kafka's {Tag(theirs.Tag)}";

        var nullable = ours.Nullable.Contains(version);
        if (nullable != theirs.Nullable) yield return $"ours is {(nullable ? "nullable" : "not nullable")}, Kafka's {(theirs.Nullable ? "is" : "is not")}";
        if (!DefaultsAgree(ours, theirs)) yield return $"ours defaults to {Quote(DefaultOf(ours))}, Kafka's to {Quote(theirs.Default)}";

        var hasLength = theirs.Array || theirs.Type is "string" or "bytes" or "records";
        var compact = flexible && !ours.Plain;
        var theirsCompact = theirs.Array ? theirs.CompactArray : theirs.Compact;
        if (hasLength && compact != theirsCompact)
            yield return $"ours has the {Form(compact)} length form, Kafka's the {Form(theirsCompact)}";
    }

    public static string Describe(FieldDefinition field, short version)
    {
        var type = field.Type.Kind == WireKind.Struct ? "struct" : KafkaWords[field.Type.Kind];
        if (field.Type.IsArray) type = "[" + type + "]";
        return type + (field.Nullable.Contains(version) ? "?" : "") + (field.Tag >= 0 ? " tag " + field.Tag : "");
    }

    private static bool DefaultsAgree(FieldDefinition ours, FieldFact theirs)
    {
        var expected = DefaultOf(ours);
        // Records are null in a new message of Kafka's; ours need not say so.
        if (ours.Type.Kind == WireKind.Records && ours.Default is null) return true;
        if (ours.Type.Kind != WireKind.Float64) return expected == theirs.Default;
        return double.Parse(expected, CultureInfo.InvariantCulture).Equals(double.Parse(theirs.Default, CultureInfo.InvariantCulture));
    }

    private static string DefaultOf(FieldDefinition field)
    {
        if (field.Default is not null) return field.Default;
        if (field.Type.IsArray) return "empty";
        return field.Type.Kind switch
        {
            WireKind.Bool => "false",
            WireKind.String => "",
            WireKind.Uuid => "AAAAAAAAAAAAAAAAAAAAAA",
            WireKind.Bytes or WireKind.Records or WireKind.Struct => "empty",
            _ => "0",
        };
    }

    private static string Tag(int tag) => tag < 0 ? "no tag" : "tag " + tag;

    private static string Form(bool compact) => compact ? "compact" : "plain";

    private static string Quote(string value) => value.Length == 0 ? "the empty text" : value;
}
