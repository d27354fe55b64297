using Moldau.ProtocolGenerator.Definitions;

namespace Moldau.Compatibility.Definitions;

/// <summary>Compares the fields of one struct in one version, and what lies below them.</summary>
internal sealed class StructComparison
{
    private readonly DefinitionFile _file;
    private readonly MessageDefinition _message;
    private readonly short _version;
    private readonly bool _flexible;
    private readonly Differences _differences;

    public StructComparison(DefinitionFile file, MessageDefinition message, short version, Differences differences)
    {
        _file = file;
        _message = message;
        _version = version;
        _flexible = message.Flexible.Contains(version);
        _differences = differences;
    }

    public void Compare(StructDefinition ours, StructFact theirs, string place)
    {
        if (theirs.Flexible != _flexible)
            Differ(ours.Line, place, $"ours is {(_flexible ? "" : "not ")}flexible, Kafka's {(theirs.Flexible ? "is" : "is not")}");

        var present = ours.Fields.Where(field => field.Versions.Contains(_version)).ToList();
        var known = theirs.Fields.ToDictionary(field => field.Name);
        foreach (var field in ours.Fields.Where(field => !field.Versions.Contains(_version))) CompareAbsent(field, theirs, known, place);
        foreach (var field in present.Where(field => !known.ContainsKey(field.Name)))
            Differ(field.Line, place, $"ours has {field.Name}, which Kafka has not here");
        foreach (var (fact, index) in theirs.Fields.Select((fact, index) => (fact, index)))
        {
            if (ours.Fields.All(field => field.Name != fact.Name))
                Differ(ours.Line, place, $"no {fact.Name}, which Kafka has as field {index} ({fact.Describe()})");
        }

        CompareOrder(present, theirs, place);
        foreach (var field in present)
        {
            if (known.TryGetValue(field.Name, out var fact)) CompareField(field, fact, place);
        }
    }

    /// <summary>A field outside its versions: it must be outside Kafka's too, and be dropped or refused alike.</summary>
    private void CompareAbsent(FieldDefinition ours, StructFact theirs, Dictionary<string, FieldFact> known, string place)
    {
        if (known.TryGetValue(ours.Name, out var fact))
        {
            Differ(ours.Line, place, $"ours has no {ours.Name} here, Kafka has ({fact.Describe()})");
            return;
        }

        var refuses = theirs.Refuses.Contains(ours.Name);
        if (ours.Ignorable == refuses)
            Differ(ours.Line, place, refuses
                ? $"ours drops {ours.Name} silently (ignorable), Kafka refuses it"
                : $"ours refuses {ours.Name}, Kafka drops it silently (ignorable)");
    }

    /// <summary>The fixed fields that both have, in the order of each; the first one out of place is the report.</summary>
    private void CompareOrder(List<FieldDefinition> present, StructFact theirs, string place)
    {
        var ourNames = present.Where(field => field.Tag < 0).Select(field => field.Name).ToList();
        var theirNames = theirs.Fields.Where(field => field.Tag < 0).Select(field => field.Name).ToList();
        var both = ourNames.Intersect(theirNames).ToHashSet();
        var ourOrder = ourNames.Where(both.Contains).ToList();
        var theirOrder = theirNames.Where(both.Contains).ToList();
        for (var i = 0; i < ourOrder.Count; i++)
        {
            if (ourOrder[i] == theirOrder[i]) continue;
            var line = present.First(field => field.Name == ourOrder[i]).Line;
            Differ(line, place, $"field {theirNames.IndexOf(theirOrder[i])}: ours {ourOrder[i]}, Kafka's {theirOrder[i]}");
            return;
        }
    }

    private void CompareField(FieldDefinition ours, FieldFact theirs, string place)
    {
        var inner = place + "." + ours.Name;
        foreach (var difference in FieldComparison.Compare(ours, theirs, _version, _flexible)) Differ(ours.Line, inner, difference);
        if (ours.Type.Kind == WireKind.Struct && theirs.Struct is not null)
            Compare(_message.Find(ours.Type.StructName!)!, theirs.Struct, inner);
    }

    private void Differ(int line, string place, string text) => _differences.Add(_file.Path, line, place, text, _version);
}
