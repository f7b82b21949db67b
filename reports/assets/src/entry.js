// The parts of ECharts the dashboard draws with, and nothing else of it.
import { init, registerMap, use } from 'echarts/core'
import { BarChart, HeatmapChart, LineChart, MapChart, SankeyChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, VisualMapComponent } from 'echarts/components'
import { LegacyGridContainLabel } from 'echarts/features'
import { CanvasRenderer, SVGRenderer } from 'echarts/renderers'
import { start } from './dashboard.js'

use([
  BarChart, LineChart, HeatmapChart, MapChart, SankeyChart,
  GridComponent, TooltipComponent, LegendComponent, MarkLineComponent, VisualMapComponent, AriaComponent,
  LegacyGridContainLabel, CanvasRenderer, SVGRenderer,
])

start({ init, registerMap })
