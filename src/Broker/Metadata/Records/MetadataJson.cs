using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Moldau.Broker.Metadata.Records;

/// <summary>How records look: JSON that a person with etcd's own tools can read, strict in both directions.</summary>
[JsonSerializable(typeof(ClusterRecord))]
[JsonSerializable(typeof(FeaturesRecord))]
[JsonSerializable(typeof(NodeRecord))]
[JsonSerializable(typeof(UncleanStartRecord))]
[JsonSerializable(typeof(TopicNameRecord))]
[JsonSerializable(typeof(TopicRecord))]
[JsonSerializable(typeof(PartitionRecord))]
[JsonSerializable(typeof(ConfigRecord))]
[JsonSerializable(typeof(CredentialRecord))]
[JsonSerializable(typeof(DelegationTokenRecord))]
[JsonSerializable(typeof(AclRecord))]
[JsonSerializable(typeof(QuotaRecord))]
[JsonSerializable(typeof(ProducerIdsRecord))]
[JsonSerializable(typeof(LatestAdditionRecord))]
internal sealed partial class MetadataJson : JsonSerializerContext
{
    public static JsonSerializerOptions Strict { get; } = Make();

    private static JsonSerializerOptions Make()
    {
        var options = new JsonSerializerOptions
        {
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            RespectRequiredConstructorParameters = true,
            AllowDuplicateProperties = false,
            // Names are for people to read, and nothing here ends in a web page.
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        options.Converters.Add(new UuidConverter());
        options.TypeInfoResolverChain.Add(new MetadataJson());
        options.MakeReadOnly();
        return options;
    }
}
