using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Compatibility.Definitions;

/// <summary>Compares a definition file with the facts about its messages.</summary>
internal static class DefinitionComparison
{
    public static void Compare(DefinitionFile file, KafkaFacts facts, Differences differences)
    {
        foreach (var message in file.Messages)
        {
            var versions = facts.Find(message.Name);
            if (versions is null)
            {
                differences.Add(file.Path, message.Root.Line, message.Name, "Kafka has no such message among those we define");
                continue;
            }

            CompareHeading(file, message, versions.First().Value, differences);
            foreach (var (version, fact) in versions)
            {
                if (message.Versions.Contains(version))
                    new StructComparison(file, message, version, differences).Compare(message.Root, fact.Root, message.Name);
            }
        }
    }

    private static void CompareHeading(DefinitionFile file, MessageDefinition message, MessageFact fact, Differences differences)
    {
        void Differ(int line, string text) => differences.Add(file.Path, line, message.Name, text);

        var kind = file.Kind switch
        {
            FileKind.Api => "api",
            FileKind.Record => "record",
            _ => "message",
        };
        if (kind != fact.File) Differ(1, $"ours is of kind '{kind}', Kafka's '{fact.File}'");
        if (message.Section != fact.Section) Differ(message.Root.Line, $"ours is the {message.Section}, Kafka's the {fact.Section}");
        if (file.Number != fact.Number) Differ(1, $"our number is {file.Number}, Kafka's {fact.Number}");
        if (file.Topic != fact.Topic) Differ(1, $"our topic is {file.Topic}, Kafka's {fact.Topic}");

        var served = new VersionRange(fact.From, fact.To);
        if (!served.Equals(message.Versions)) Differ(message.Root.Line, $"ours has versions {message.Versions}, Kafka's {served}");
        if (kind != "api") return;
        var listed = new VersionRange(fact.AdvertisedFrom, fact.AdvertisedTo);
        var advertised = file.Advertised ?? message.Versions;
        if (!listed.Equals(advertised)) Differ(1, $"ours advertises {advertised}, Kafka {listed}");
    }
}
