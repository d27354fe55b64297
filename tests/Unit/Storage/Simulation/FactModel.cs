using System.Text;
using Moldau.Storage.Facts;

namespace Moldau.Unit.Storage.Simulation;

/// <summary>One key's values as somebody remembers them who wrote them one after the other.</summary>
internal sealed class FactModel
{
    public const string Key = "counter";

    private int _known;
    private int _tried;

    /// <returns>What became of it.</returns>
    public string Put(FactStore store)
    {
        _tried++;
        var applied = store.ApplyAsync(new FactTransaction([], [FactOperation.Put(Key, Encoding.UTF8.GetBytes($"{_tried}"))]));
        if (applied.IsFaulted) return "fact refused";
        if (applied.Result is not FactOutcome.Applied) return "fact in doubt";
        _known = _tried;
        return "fact";
    }

    public void Check(FactStore store)
    {
        var found = store.Read().Find(Key) is { } entry ? int.Parse(Encoding.UTF8.GetString(entry.Value.Span)) : 0;
        if (found < _known || found > _tried) throw new BrokenGuaranteeException($"the fact is {found}; {_known} was applied, {_tried} tried");
        _known = found;
    }
}
