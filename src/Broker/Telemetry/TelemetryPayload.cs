using System.Globalization;

namespace Moldau.Broker.Telemetry;

/// <summary>
/// Decodes what a client pushes: MetricsData of OpenTelemetry (opentelemetry/proto/metrics/v1), of which gauges, sums and
/// the counts and sums of histograms are taken. Beyond a number of series the rest is read and left out.
/// </summary>
internal sealed class TelemetryPayload(int mostSeries)
{
    public const int LongestText = 1024;
    public const int MostAttributes = 32;

    private const int Difference = 1;

    private readonly List<TelemetryValue> _values = [];

    public IReadOnlyList<TelemetryValue> Values => _values;

    /// <summary>Series that were left out.</summary>
    public int LeftOut { get; private set; }

    /// <exception cref="TelemetryFormatException">It is nothing of the kind.</exception>
    public void Read(ReadOnlySpan<byte> metricsData)
    {
        var reader = new ProtobufReader(metricsData);
        while (reader.MoveNext())
        {
            if (reader.Field == 1) ReadResource(reader.ReadBytes());
            else reader.Skip();
        }
    }

    private void ReadResource(ReadOnlySpan<byte> resourceMetrics)
    {
        // Its attributes may stand behind what they are about.
        var attributes = new List<KeyValuePair<string, string>>();
        var reader = new ProtobufReader(resourceMetrics);
        while (reader.MoveNext())
        {
            if (reader.Field == 1) ReadAttributes(reader.ReadBytes(), 1, attributes);
            else reader.Skip();
        }

        reader = new ProtobufReader(resourceMetrics);
        while (reader.MoveNext())
        {
            if (reader.Field == 2) ReadScope(reader.ReadBytes(), attributes);
            else reader.Skip();
        }
    }

    private void ReadScope(ReadOnlySpan<byte> scopeMetrics, List<KeyValuePair<string, string>> attributes)
    {
        var reader = new ProtobufReader(scopeMetrics);
        while (reader.MoveNext())
        {
            if (reader.Field == 2) ReadMetric(reader.ReadBytes(), attributes);
            else reader.Skip();
        }
    }

    private void ReadMetric(ReadOnlySpan<byte> metric, List<KeyValuePair<string, string>> attributes)
    {
        var (name, unit) = ("", "");
        ReadOnlySpan<byte> data = default;
        var kind = 0;
        var reader = new ProtobufReader(metric);
        while (reader.MoveNext())
        {
            switch (reader.Field)
            {
                case 1:
                    name = reader.ReadText(LongestText);
                    break;
                case 3:
                    unit = reader.ReadText(LongestText);
                    break;
                case 5 or 7 or 9:
                    kind = reader.Field;
                    data = reader.ReadBytes();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        if (kind != 0) ReadData(new TelemetryValue(name, unit, TelemetryKind.Gauge, attributes, 0), kind, data);
    }

    private void ReadData(TelemetryValue metric, int kind, ReadOnlySpan<byte> data)
    {
        var reader = new ProtobufReader(data);
        var (isDifference, isGrowing) = (false, kind == 9);
        while (reader.MoveNext())
        {
            if (kind != 5 && reader.Field == 2) isDifference = reader.ReadInteger() == Difference;
            else if (kind == 7 && reader.Field == 3) isGrowing = reader.ReadInteger() != 0;
            else reader.Skip();
        }

        var form = metric with { Kind = kind == 5 ? TelemetryKind.Gauge : isGrowing ? TelemetryKind.Counter : TelemetryKind.Sum, IsDifference = isDifference };
        reader = new ProtobufReader(data);
        while (reader.MoveNext())
        {
            if (reader.Field != 1) reader.Skip();
            else if (kind == 9) ReadHistogram(form, reader.ReadBytes());
            else ReadNumber(form, reader.ReadBytes());
        }
    }

    private void ReadNumber(TelemetryValue form, ReadOnlySpan<byte> point)
    {
        var reader = new ProtobufReader(point);
        var attributes = new List<KeyValuePair<string, string>>(form.Attributes);
        var value = 0.0;
        while (reader.MoveNext())
        {
            switch (reader.Field)
            {
                case 4:
                    value = reader.ReadDouble();
                    break;
                case 6:
                    value = reader.ReadFixed64();
                    break;
                case 7:
                    ReadAttribute(reader.ReadBytes(), attributes);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        Add(form, form.Name, attributes, value);
    }

    private void ReadHistogram(TelemetryValue form, ReadOnlySpan<byte> point)
    {
        var reader = new ProtobufReader(point);
        var attributes = new List<KeyValuePair<string, string>>(form.Attributes);
        var (count, sum) = (0.0, 0.0);
        while (reader.MoveNext())
        {
            switch (reader.Field)
            {
                case 4:
                    count = reader.ReadFixed64();
                    break;
                case 5:
                    sum = reader.ReadDouble();
                    break;
                case 9:
                    ReadAttribute(reader.ReadBytes(), attributes);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        Add(form, form.Name + ".count", attributes, count);
        Add(form, form.Name + ".sum", attributes, sum);
    }

    private void Add(TelemetryValue form, string name, List<KeyValuePair<string, string>> attributes, double value)
    {
        if (_values.Count >= mostSeries)
        {
            LeftOut++;
            return;
        }

        var sorted = new List<KeyValuePair<string, string>>(attributes);
        sorted.Sort(static (one, other) => string.CompareOrdinal(one.Key, other.Key));
        _values.Add(new TelemetryValue(name, form.Unit, form.Kind, sorted, value) { IsDifference = form.IsDifference });
    }

    private static void ReadAttributes(ReadOnlySpan<byte> message, int field, List<KeyValuePair<string, string>> attributes)
    {
        var reader = new ProtobufReader(message);
        while (reader.MoveNext())
        {
            if (reader.Field == field) ReadAttribute(reader.ReadBytes(), attributes);
            else reader.Skip();
        }
    }

    private static void ReadAttribute(ReadOnlySpan<byte> pair, List<KeyValuePair<string, string>> attributes)
    {
        var (key, value) = ("", "");
        var reader = new ProtobufReader(pair);
        while (reader.MoveNext())
        {
            if (reader.Field == 1) key = reader.ReadText(LongestText);
            else if (reader.Field == 2) value = ReadAny(reader.ReadBytes());
            else reader.Skip();
        }

        if (attributes.Count >= MostAttributes) throw new TelemetryFormatException($"a number with more than {MostAttributes} attributes");
        attributes.RemoveAll(known => known.Key == key);
        attributes.Add(new KeyValuePair<string, string>(key, value));
    }

    /// <summary>Lists and maps are nothing that a series could be told by.</summary>
    private static string ReadAny(ReadOnlySpan<byte> any)
    {
        var value = "";
        var reader = new ProtobufReader(any);
        while (reader.MoveNext())
        {
            switch (reader.Field)
            {
                case 1:
                    value = reader.ReadText(LongestText);
                    break;
                case 2:
                    value = reader.ReadInteger() != 0 ? "true" : "false";
                    break;
                case 3:
                    value = reader.ReadInteger().ToString(CultureInfo.InvariantCulture);
                    break;
                case 4:
                    value = reader.ReadDouble().ToString(CultureInfo.InvariantCulture);
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return value;
    }
}
