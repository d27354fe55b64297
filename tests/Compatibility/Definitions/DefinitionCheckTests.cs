using Moldau.Compatibility.Kafka;
using Moldau.ProtocolGenerator.Definitions;
using Moldau.Shared.Messages;
using Xunit;

namespace Moldau.Compatibility.Definitions;

public class DefinitionCheckTests
{
    [Fact]
    public async Task Every_definition_says_what_Kafka_says()
    {
        KafkaJars.Require();
        var facts = await KafkaFacts.Get();

        var differences = new Differences();
        foreach (var path in DefinitionFolder.Paths)
        {
            var file = DefinitionFolder.Read(path, out var faults);
            foreach (var fault in faults) differences.Add(fault.Path, fault.Line, "notation", fault.Problem);
            if (faults.Count == 0) DefinitionComparison.Compare(file, facts, differences);
        }

        Assert.True(differences.Lines.Count == 0, $"{differences.Lines.Count} differences:\n{differences}");
    }

    [Fact]
    public async Task Every_message_of_Kafka_has_a_definition()
    {
        KafkaJars.Require();
        var facts = await KafkaFacts.Get();

        var defined = DefinitionFolder.Paths.SelectMany(path => DefinitionFolder.Read(path, out _).Messages).Select(message => message.Name);
        var missing = facts.Messages.Except(defined).Order(StringComparer.Ordinal).Select(name => "no definition file for " + name).ToList();

        Assert.True(missing.Count == 0, $"{missing.Count} missing:\n{string.Join("\n", missing)}");
    }

    [Fact]
    public void Every_definition_is_named_after_what_it_defines()
    {
        var wrong = new List<string>();
        foreach (var path in DefinitionFolder.Paths)
        {
            var file = DefinitionFolder.Read(path, out _);
            var expected = file.Kind switch
            {
                FileKind.Api => $"protocol/{file.Number:00}-{file.Name}.def",
                FileKind.Record => $"protocol/records/{file.Name}.def",
                _ => $"protocol/messages/{file.Name}.def",
            };
            if (file.Path != expected) wrong.Add($"{file.Path}: expected {expected}");
        }

        Assert.True(wrong.Count == 0, string.Join("\n", wrong));
    }
}
