using System.Buffers.Binary;
using System.Globalization;
using System.Text.RegularExpressions;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Primitives;
using Moldau.ProtocolGenerator.Definitions;
using Moldau.Shared.Messages;

namespace Moldau.Compatibility.Differential;

/// <summary>
/// An answer as a list of fields with their values in words, where whatever two brokers may choose for themselves is said
/// by what it stands for. The elements of a list are named by their keys, so that their order does not matter.
/// </summary>
internal sealed partial class AnswerText(MessageBinding binding, short version, BrokerSide side)
{
    private static readonly string[] KeyFields = ["ApiKey", "Name", "TopicName", "Topic", "ResourceType", "ResourceName", "TopicId", "ConfigName", "PartitionIndex", "Partition", "PartitionId", "Index", "BatchIndex", "NodeId", "BrokerId", "ReplicaId", "Feature", "Listener", "LogDir", "GroupId", "GroupInstanceId", "PatternType", "Principal", "PermissionType", "Operation", "TransactionalId", "EntityType", "EntityName", "Key", "PrincipalName", "TokenRequesterPrincipalName"];

    private static readonly HashSet<string> Messages = ["ErrorMessage", "AcknowledgeErrorMessage", "BatchIndexErrorMessage"];
    private static readonly HashSet<string> Ignored =
    [
        "ThrottleTimeMs", "Host", "Port", "ClusterId", "TotalBytes", "UsableBytes", "Size", "PartitionSize", "Documentation", "IncarnationId", "ReplicaDirectoryId",
        "LastFetchTimestamp", "LastCaughtUpTimestamp", "FinalizedFeaturesEpoch", "LastTimestamp", "BrokerEpoch", "TransactionStartTimeMs",
        "TokenId", "Hmac", "IssueTimestampMs", "ExpiryTimestampMs", "MaxTimestampMs", "IssueTimestamp", "ExpiryTimestamp", "MaxTimestamp",
    ];

    private static readonly HashSet<string> Chosen = ["ProducerId", "SessionId"];
    private static readonly HashSet<string> Drawn = ["MemberId", "Leader"];
    private static readonly HashSet<string> Times = ["LogAppendTimeMs", "Timestamp"];

    private readonly SortedDictionary<string, string> _fields = new(StringComparer.Ordinal);

    public SortedDictionary<string, string> Read(IReadOnlyDictionary<string, object?> content)
    {
        Struct("", binding.Definition.Root, content);
        return _fields;
    }

    private void Struct(string path, StructDefinition definition, IReadOnlyDictionary<string, object?> content)
    {
        foreach (var field in definition.Fields)
        {
            if (field.Versions.Contains(version) && !Ignored.Contains(field.Name)) Field(path.Length == 0 ? field.Name : $"{path}.{field.Name}", field, content[field.Name]);
        }
    }

    private void Field(string path, FieldDefinition field, object? value)
    {
        if (value is not List<object?> list)
        {
            Value(path, field, value);
            return;
        }

        if (list.Count == 0) _fields[path] = "empty";
        if (field.Type.Kind != WireKind.Struct)
        {
            if (list.Count > 0) _fields[path] = string.Join(", ", list.Select(element => Text(field, element)));
            return;
        }

        foreach (var element in list.Cast<Dictionary<string, object?>>())
        {
            var key = KeyOf(binding.Definition.Find(field.Type.StructName!)!, element);
            if (key.Contains(DifferentialRun.BarrierTopic, StringComparison.Ordinal)) continue;
            var place = $"{path}[{key}]";
            for (var again = 2; _fields.Keys.Any(known => known == place || known.StartsWith(place + ".", StringComparison.Ordinal)); again++) place = $"{path}[{key}#{again}]";
            _fields[place] = "there";
            Value(place, field, element);
        }
    }

    private void Value(string path, FieldDefinition field, object? value)
    {
        if (value is Dictionary<string, object?> content) Struct(path, binding.Definition.Find(field.Type.StructName!)!, content);
        else _fields[path] = Text(field, value);
    }

    private string KeyOf(StructDefinition definition, Dictionary<string, object?> element) => element.TryGetValue("Entity", out var parts) ? KeyOfEntity(parts) : string.Join(' ', KeyFields
        .Select(key => definition.Fields.FirstOrDefault(field => field.Name == key && field.Versions.Contains(version) && !field.Type.IsArray))
        .Where(field => field is not null)
        .Select(field => Text(field!, element[field!.Name])));

    /// <summary>Whom a quota is for is a list.</summary>
    private static string KeyOfEntity(object? parts) => string.Join(' ', ((List<object?>)parts!).Cast<Dictionary<string, object?>>()
        .Select(static part => $"{part["EntityType"]}={part["EntityName"] ?? "null"}").Order(StringComparer.Ordinal));

    private string Text(FieldDefinition field, object? value)
    {
        if (Messages.Contains(field.Name)) return value is null ? "null" : "a message";
        if (field.Name == "StatusDetail" && value is string detail) return Reason().Replace(detail, "$1(a reason)");
        if (field.Name == "LogDir") return Path.GetFileName((string)value!);
        return value switch
        {
            null => "null",
            byte[] id when field.Type.Kind == WireKind.Uuid => side.NameOf(new Uuid(BinaryPrimitives.ReadUInt64BigEndian(id), BinaryPrimitives.ReadUInt64BigEndian(id.AsSpan(8)))),
            byte[] records when field.Type.Kind == WireKind.Records => records.Length == 0 ? "no records" : FetchedBatches.Describe(records),
            byte[] bytes => Convert.ToBase64String(bytes),
            long error when field.Type.Kind == WireKind.Error => $"{error} {(ErrorCode)(short)error}",
            string member when Drawn.Contains(field.Name) => side.NameOfMember(member),
            long chosen when Chosen.Contains(field.Name) => side.NameOf(chosen),
            long time when Times.Contains(field.Name) => FetchedBatches.Time(time),
            IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString()!,
        };
    }

    /// <summary>Why a topic could not be made, each broker says in its own words.</summary>
    [GeneratedRegex(@"(Creation failed: \S+ )\(.*\)")]
    private static partial Regex Reason();
}
